import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const record = join(import.meta.dirname, 'scene-steps.json')
/** The steps of each scene that was ever published, and the ids of those that nobody can be in any more. */
type Recorded = { retired: string[]; scenes: Record<string, string> }
const recorded: Recorded = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : { retired: [], scenes: {} }

test('a scene whose steps changed has a new version, for people may be in the middle of the old one', () => {
  const found = stepsOfScenes()
  const changed = Object.keys(found).filter((id) => id in recorded.scenes && recorded.scenes[id] !== found[id])
  expect(changed, 'give these scenes the next version (form@1 -> form@2) and keep the old one registered').toEqual([])
})

test('a scene that is on record is still there, for people may be in the middle of it', () => {
  const found = stepsOfScenes()
  const gone = Object.keys(recorded.scenes).filter((id) => !(id in found) && !recorded.retired.includes(id))
  expect(gone, 'keep these scenes until nobody is in them, then name them under "retired"').toEqual([])
})

test('every scene is on record', () => {
  const found = stepsOfScenes()
  const all = { ...recorded, scenes: { ...recorded.scenes, ...found } }
  if (process.env.RECORD_SCENES) writeFileSync(record, `${JSON.stringify(all, null, 2)}\n`)
  else
    expect(
      Object.keys(found).filter((id) => !(id in recorded.scenes)),
      'run: RECORD_SCENES=1 npm test -- scene-steps',
    ).toEqual([])
})

/**
 * What a replay follows: the calls of `talk` in the order of the text, those of sub-dialogues in other files included. A scene is found by
 * its id, whoever defines it: `defineScene` or a helper.
 */
function stepsOfScenes(): Record<string, string> {
  const files = globSync(['scenes/*.ts', 'examples/**/*.ts'], { cwd: root }).filter((file) => !/\.test\.ts$/.test(file))
  const found = files.flatMap((file) => {
    const ids = readFileSync(join(root, file), 'utf8').matchAll(/\(\s*'([a-z][a-z0-9-]*@\d+)'/g)
    return [...ids].map(([, id]) => [id, stepsIn(join(root, file))])
  })
  return Object.fromEntries(found.sort())
}

function stepsIn(file: string): string {
  const text = readFileSync(file, 'utf8')
  const own = [
    ...text.matchAll(
      /\btalk\s*\.\s*(askOrContact|ask|chooseTypeOrContact|chooseOrType|choose|say|show|effect|account|now|random|forget|speak|ctx|conversation)\b/g,
    ),
  ]
  const others = [...text.matchAll(/^import \{.*\} from '(\.\/[^']+)'/gm)]
  return [...own.map(([, step]) => step), ...others.map(([, path = '']) => stepsIn(join(dirname(file), path)))]
    .filter(Boolean)
    .join(' ')
}
