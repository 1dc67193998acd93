import { InputFile } from 'grammy'
import { exportMyData } from '../acts/my-data.ts'
import { type CommandArgs, defineScene } from '../dialogue/scene.ts'

/** All that the bot keeps of a person, as a file. */
export const exportDataScene = defineScene<CommandArgs>('export-data@1', async (talk) => {
  const { bot, person } = talk
  const data = await talk.effect('export', () => exportMyData(bot.record, bot.log, person.id))
  const file = new InputFile(Buffer.from(`${JSON.stringify(data, null, 2)}\n`), 'my-data.json')
  await talk.ctx.api.sendDocument(talk.chat, file, { caption: talk.t('account.exported') })
})
