import { accounts, basics, defineKind, keys, notifications, pauses } from '../../rookery.ts'
import en from './locales/en.json' with { type: 'json' }
import ru from './locales/ru.json' with { type: 'json' }
import uz from './locales/uz.json' with { type: 'json' }
import { orders } from './orders.ts'

declare global {
  interface RookeryTexts {
    shop: typeof en
  }
}

/** A shop's bot: orders, ratings, accepted requests; what it offers goes by the role that the directory gives. */
export const shop = defineKind({
  id: 'shop',
  skills: [orders, accounts, pauses, keys, notifications, basics],
  roles: {
    guest: ['link.button', 'register.button', 'basics.languageButton', 'basics.helpButton'],
    user: ['shop.button', 'account.button', 'heard.button', 'basics.languageButton', 'basics.helpButton'],
    manager: [
      'shop.today',
      'shop.button',
      'account.button',
      'heard.button',
      'basics.languageButton',
      'basics.helpButton',
    ],
  },
  locales: { en, ru, uz },
})
