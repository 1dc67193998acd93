import { metabotKind } from '../acts/authorise.ts'
import { defineKind } from '../dialogue/kind.ts'
import { admins } from './skills/admins.ts'
import { apiKeys } from './skills/api-keys.ts'
import { bots } from './skills/bots.ts'
import { chats } from './skills/chats.ts'
import { colony } from './skills/colony.ts'
import { directory } from './skills/directory.ts'
import { intake } from './skills/intake.ts'
import { lastActs } from './skills/last-acts.ts'
import { linkingSettings } from './skills/linking-settings.ts'
import { schedules } from './skills/schedules.ts'
import { sms } from './skills/sms.ts'
import { users } from './skills/users.ts'

/** The bot that runs the other bots. */
export const metabot = defineKind({
  id: metabotKind,
  privateOnly: true,
  skills: [colony, bots, users, schedules, directory, sms, linkingSettings, intake, chats, admins, lastActs, apiKeys],
})
