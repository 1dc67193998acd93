import { defineSkill } from '../../dialogue/skill.ts'
import { accountGone } from '../../scenes/account-gone.ts'
import { changeDataScene } from '../../scenes/change-data.ts'
import { exportDataScene } from '../../scenes/export-data.ts'
import { linkScene } from '../../scenes/link.ts'
import { toAccount } from '../../scenes/menus.ts'
import { registerScene } from '../../scenes/register.ts'
import { showAccount } from '../../scenes/show.ts'
import { accountMenu, forgetAsk, forgotten, meanwhileMenu, unlinkAsk, unlinked } from './accounts/account-menu.ts'
import { isProof } from './accounts/confidential.ts'
import { linksCreate } from './accounts/links-create.ts'
import { usersBlock } from './accounts/users-block.ts'
import { usersConnectBot } from './accounts/users-connect-bot.ts'
import { usersDelete } from './accounts/users-delete.ts'
import { usersDisconnectBot } from './accounts/users-disconnect-bot.ts'
import { usersFind } from './accounts/users-find.ts'
import { usersList } from './accounts/users-list.ts'
import { usersUnblock } from './accounts/users-unblock.ts'
import { usersUpdate } from './accounts/users-update.ts'

/**
 * People link the accounts that the customer's directory has of them, or register, and the directory tells what
 * becomes of these.
 */
export const accounts = defineSkill({
  id: 'accounts',
  privateOnly: true,
  about: { text: 'account.about', for: 'guests' },
  commands: { link: linkScene, register: registerScene, account: showAccount },
  buttons: {
    'link.button': { ...linkScene.with({ payload: '' }), for: 'guests' },
    'register.button': { ...registerScene.with({ payload: '' }), for: 'guests' },
    'account.button': { ...toAccount(), for: 'linked' },
  },
  confidential: isProof,
  firstly: { concerns: ({ untold }) => untold === true, scene: accountGone },
  scenes: [changeDataScene, exportDataScene],
  menus: [accountMenu, unlinkAsk, unlinked, forgetAsk, forgotten, meanwhileMenu],
  endpoints: [
    usersUpdate,
    usersConnectBot,
    usersDisconnectBot,
    usersBlock,
    usersUnblock,
    usersDelete,
    usersFind,
    usersList,
    linksCreate,
  ],
})
