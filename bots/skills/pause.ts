import { defineSkill } from '../../dialogue/skill.ts'
import { toHeard } from '../../scenes/menus.ts'
import { pauseScene } from '../../scenes/pause.ts'
import { quietHoursScene } from '../../scenes/quiet-hours.ts'
import { resumeScene } from '../../scenes/resume.ts'
import { heardMenu, waitingMenu } from './heard.ts'
import { pauseUser } from './users-pause.ts'
import { resumeUser } from './users-resume.ts'

/**
 * People say when nothing is to come: for a while, in quiet hours, or until further notice; other systems may pause
 * them too.
 */
export const pauses = defineSkill({
  id: 'pauses',
  privateOnly: true,
  buttons: { 'heard.button': { ...toHeard(), for: 'linked' } },
  commands: { pause: pauseScene, resume: resumeScene },
  scenes: [quietHoursScene],
  menus: [heardMenu, waitingMenu],
  endpoints: [pauseUser, resumeUser],
})
