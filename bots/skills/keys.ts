import { keySettings } from '../../acts/keys.ts'
import { defineSkill } from '../../dialogue/skill.ts'
import { toKey } from '../../scenes/menus.ts'
import { showKey } from '../../scenes/show.ts'
import { assignKey, listKeys } from './key-endpoints.ts'
import { keyMenu, newKeyMenu } from './key-menu.ts'

/**
 * The digits that a person gets here and hands to a specialist, who connects them to a user of the company's system.
 */
export const keys = defineSkill({
  id: 'keys',
  privateOnly: true,
  settings: keySettings,
  about: { text: 'keys.about', for: 'guests' },
  buttons: { 'keys.button': { ...toKey(), for: 'guests' } },
  commands: { key: showKey },
  phrases: { 'keys.phrases': showKey },
  menus: [keyMenu, newKeyMenu],
  endpoints: [assignKey, listKeys],
})
