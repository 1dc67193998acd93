import { doerOf } from '../../acts/authorise.ts'
import { type LinkingView, setCountry, switchWay, viewLinking } from '../../acts/linking-settings.ts'
import { linkingWays } from '../../acts/linking-ways.ts'
import { rowsOf } from '../../dialogue/button-rows.ts'
import { type Button, defineMenu, type Menu, type Page, type Viewer } from '../../dialogue/menu.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { linkingCountryScene } from '../../scenes/linking-country.ts'
import { toBot } from '../../scenes/menus.ts'

const countriesOffered = ['UZ', 'RU', 'KZ']

const page: Menu<[bot: string]> = defineMenu('bot.linking', async (viewer, bot) => {
  const view = await viewLinking(doerOf(viewer), bot)
  return { text: about(viewer, view), buttons: offers(viewer, bot, view) }
})

const switched: Menu<[bot: string, way: string, to: string]> = defineMenu(
  'bot.linking.way',
  async (viewer, bot, way, to) => {
    await switchWay(doerOf(viewer), bot, way, to === 'on' ? 'on' : 'off')
    return done(viewer, bot)
  },
)

const country: Menu<[bot: string, country: string]> = defineMenu('bot.linking.country', async (viewer, bot, code) => {
  await setCountry(doerOf(viewer), bot, code)
  return done(viewer, bot)
})

/** By which ways people link their accounts. */
export const linkingSettings = defineSkill({
  id: 'linking-settings',
  scenes: [linkingCountryScene],
  menus: [page, switched, country],
})

async function done(viewer: Viewer, bot: string): Promise<Page> {
  return { ...(await page.page(viewer, bot)), toast: viewer.t('linking-settings.set') }
}

function about({ person, tHtml }: Viewer, view: LinkingView): string {
  const lines = linkingWays.map((way) => {
    const lack = view.settings[way] ? view.lacks[way] : null
    const mark = view.settings[way] ? (lack ? '⚠️' : '✅') : '⬜'
    const line = `${mark} ${tHtml(`linking-settings.about-${way}`)}`
    return lack ? `${line} ${tHtml(`linking-settings.lacks-${lack}`)}` : line
  })
  const numbers = view.country
    ? tHtml('linking-settings.country', { country: countryName(person.locale, view.country) })
    : tHtml('linking-settings.noneOfCountries')
  return [tHtml('linking-settings.ask'), lines.join('\n'), numbers].join('\n\n')
}

function offers({ person, t }: Viewer, bot: string, { settings, country: chosen }: LinkingView): Button[][] {
  const ways = linkingWays.map((way) => {
    const to = settings[way] ? 'off' : 'on'
    return [
      { text: t(`linking-settings.${to}`, { way: t(`linking-settings.way-${way}`) }), ...switched.with(bot, way, to) },
    ]
  })
  const countries = countriesOffered.map((code) => ({
    text: `${code === chosen ? '✅ ' : ''}${countryName(person.locale, code)}`,
    ...country.with(bot, code),
  }))
  const other = { text: t('linking-settings.otherCountry'), ...linkingCountryScene.with({ bot }) }
  return [...ways, ...rowsOf([...countries, other]), [{ text: t('common.back'), ...toBot(bot) }]]
}

function countryName(locale: string, code: string): string {
  return new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code
}
