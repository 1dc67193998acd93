import { doerOf } from '../acts/authorise.ts'
import { countryIn, setCountry } from '../acts/linking-settings.ts'
import { defineScene } from '../dialogue/scene.ts'
import { toLinking } from './menus.ts'

export const linkingCountryScene = defineScene<{ bot: string }>('linking-country@1', async (talk, { bot }) => {
  const country = await talk.ask('linking-country.ask', {}, ({ text }) => countryIn(text))
  await talk.effect('set', () => setCountry(doerOf(talk), bot, country))
  await talk.show(toLinking(bot))
})
