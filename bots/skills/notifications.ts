import { defineSkill } from '../../dialogue/skill.ts'
import { cancelNotification, listNotifications } from './notification-schedules.ts'
import { notificationStatus } from './notification-status.ts'
import { notify } from './notify-endpoint.ts'

/** Other systems make the bot speak to linked people, now or on dates to come, and learn what became of it. */
export const notifications = defineSkill({
  id: 'notifications',
  about: 'notifications.about',
  endpoints: [notify, notificationStatus, cancelNotification, listNotifications],
})
