import { metabotKind } from '../acts/authorise.ts'
import { defineKind } from '../dialogue/kind.ts'
import { admins } from './skills/admins.ts'
import { apiKeys } from './skills/api-keys.ts'
import { bots } from './skills/bots.ts'
import { chats } from './skills/chats.ts'
import { colony } from './skills/colony.ts'
import { intake } from './skills/intake.ts'
import { lastActs } from './skills/last-acts.ts'
import { schedules } from './skills/schedules.ts'
import { users } from './skills/users.ts'

/** The bot that runs the other bots. */
export const metabot = defineKind({
  id: metabotKind,
  privateOnly: true,
  skills: [colony, bots, users, schedules, intake, chats, admins, lastActs, apiKeys],
})
