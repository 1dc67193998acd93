import type { DirectoryView } from '../../acts/directory-settings.ts'
import type { Viewer } from '../../dialogue/menu.ts'
import type { BreakerStatus } from '../../directory/breaker.ts'
import { callNames } from '../../directory/settings.ts'
import { fromNow } from '../../scenes/from-now.ts'

/** How a bot's directory is called, for its admins. */
export function aboutDirectory(viewer: Viewer, { settings, own, breaker }: DirectoryView): string {
  const { t, tHtml } = viewer
  if (!settings) return tHtml('directory-settings.absent')
  const { baseUrl, header, timeoutMs, calls } = settings
  const lines = callNames.map((name) => {
    const call = calls[name]
    const how = call ? `${call.method} ${call.path}` : t('directory-settings.notOffered')
    return tHtml('directory-settings.call', { what: t(`directory-call.${name}`), how })
  })
  return [
    tHtml('directory-settings.about', { baseUrl, header, seconds: timeoutMs / 1000 }),
    tHtml(own ? 'directory-settings.own' : 'directory-settings.ofServer'),
    ...lines,
    ...(breaker ? [breakerLine(viewer, breaker)] : []),
  ].join('\n')
}

/** Whether calls go through, and when the next one is let through if they do not. */
export function breakerLine({ person, tHtml }: Viewer, { state, failures, last, until }: BreakerStatus): string {
  const params = { count: failures, when: fromNow(person.locale, until ?? new Date()) }
  if (state === 'closed') return tHtml('directory-breaker.closed')
  const why = last === 'certificate' || last === 'failed' ? last : 'unreachable'
  return [tHtml(`directory-breaker.${why}`, params), tHtml(`directory-breaker.${state}`, params)].join(' ')
}
