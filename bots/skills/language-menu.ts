import { speak } from '../../acts/self.ts'
import { t } from '../../config/i18n.ts'
import { localeOf, locales } from '../../config/locales.ts'
import { defineMenu } from '../../dialogue/menu.ts'
import { toHome, toLanguage } from '../../scenes/menus.ts'

/** Without an argument it asks; with one it speaks that language from now on. */
export const languageMenu = defineMenu<string[]>('language', async ({ bot, person, t: say }, chosen) => {
  const locale = localeOf(chosen)
  if (locale) await speak(bot.record, person.id, locale)
  const text = locale ? t(locale, 'language.done') : say('language.ask')
  const buttons = locales.map((one) => ({ text: t(one, 'language.name'), menu: toLanguage().menu, args: [one] }))
  return { text, buttons: [buttons, [{ text: locale ? t(locale, 'common.back') : say('common.back'), ...toHome() }]] }
})
