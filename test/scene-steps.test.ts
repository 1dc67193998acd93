import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const scenes = join(import.meta.dirname, '../scenes')
const record = join(import.meta.dirname, 'scene-steps.json')
const recorded: Record<string, string> = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {}

test('a scene whose steps changed has a new version, for people may be in the middle of the old one', async () => {
  const found = await stepsOfScenes()
  const changed = Object.keys(found).filter((id) => id in recorded && recorded[id] !== found[id])
  expect(changed, 'give these scenes the next version (form@1 -> form@2) and keep the old one registered').toEqual([])
})

test('every scene is on record', async () => {
  const found = await stepsOfScenes()
  if (process.env.RECORD_SCENES) writeFileSync(record, `${JSON.stringify({ ...recorded, ...found }, null, 2)}\n`)
  else
    expect(
      Object.keys(found).filter((id) => !(id in recorded)),
      'run: RECORD_SCENES=1 npm test -- scene-steps',
    ).toEqual([])
})

/** What a replay follows: the calls of `talk` in the order of the text, those of sub-dialogues in other files included. */
async function stepsOfScenes(): Promise<Record<string, string>> {
  const files = (await readdir(scenes)).filter((file) => file.endsWith('.ts'))
  const found = files.flatMap((file) => {
    const text = readFileSync(join(scenes, file), 'utf8')
    const ids = [...text.matchAll(/defineScene(?:<[^(]*>)?\(\s*'([^']+)'/g)]
    return ids.map(([, id]) => [id, stepsIn(join(scenes, file))])
  })
  return Object.fromEntries(found)
}

function stepsIn(file: string): string {
  const text = readFileSync(file, 'utf8')
  const own = [
    ...text.matchAll(/\btalk\s*\.\s*(ask|choose|say|show|effect|now|random|forget|speak|ctx|conversation)\b/g),
  ]
  const others = [...text.matchAll(/^import \{.*\} from '(\.\/[^']+)'/gm)]
  return [...own.map(([, step]) => step), ...others.map(([, path = '']) => stepsIn(join(dirname(file), path)))]
    .filter(Boolean)
    .join(' ')
}
