import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const locales = ['en', 'ru', 'uz'] as const
/** Rookery's own texts, and those of each kind that brings some. */
const folders = ['locales', ...globSync('examples/*/locales', { cwd: root })]

/** What is the same in every language: names, and texts that are nothing but parameters. */
const alike = new Set(['colony.apiKeys'])

type Texts = Map<string, string>

function read(folder: string, locale: string): Texts {
  const texts: Texts = new Map()
  collect(JSON.parse(readFileSync(join(root, folder, `${locale}.json`), 'utf8')), '', texts)
  return texts
}

function collect(node: object, path: string, into: Texts): void {
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === 'string') into.set(path + name, value)
    else collect(value, `${path}${name}.`, into)
  }
}

const stem = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')
const stems = (texts: Texts) => [...new Set([...texts.keys()].map(stem))].sort()

/** The placeholders of a text, over all of its plural forms. */
function placeholders(texts: Texts, key: string): string[] {
  const forms = [...texts].filter(([name]) => stem(name) === key).map(([, text]) => text)
  return [...new Set(forms.join(' ').match(/\{\{.*?\}\}/g))].sort()
}

test.each(folders)('%s: every text stands in every language with the same placeholders', (folder) => {
  const [en, ...others] = locales.map((locale) => read(folder, locale)) as [Texts, Texts, Texts]
  for (const texts of others) {
    expect(stems(texts)).toEqual(stems(en))
    for (const key of stems(en)) expect([key, placeholders(texts, key)]).toEqual([key, placeholders(en, key)])
  }
})

test.each(folders)('%s: every plural has all the forms of its language', (folder) => {
  for (const locale of locales) {
    const needed = new Intl.PluralRules(locale).resolvedOptions().pluralCategories
    const texts = read(folder, locale)
    const plurals = new Set([...texts.keys()].filter((key) => /_other$/.test(key)).map(stem))
    const missing = [...plurals]
      .flatMap((key) => needed.map((form) => `${key}_${form}`))
      .filter((key) => !texts.has(key))
    expect(missing).toEqual([])
  }
})

test.each(folders)('%s: nothing was left in English', (folder) => {
  const en = read(folder, 'en')
  for (const locale of ['ru', 'uz']) {
    const same = [...read(folder, locale)].filter(
      ([key, text]) => en.get(key) === text && /\p{L}/u.test(text.replace(/\{\{.*?\}\}|<.*?>/g, '')) && !alike.has(key),
    )
    expect(same).toEqual([])
  }
})

test('Uzbek is written with its own letters, not with apostrophes', () => {
  for (const folder of folders) {
    const wrong = [...read(folder, 'uz')].filter(([, text]) => /[og]['’‘`]/i.test(text))
    expect(wrong).toEqual([])
  }
})

/** What the engine looks up under the id of an author's kind. */
const spelledByKind = /^(command\.\w+|kind\.name)$/

test('no text is without use', () => {
  const sources = globSync(
    ['*.ts', '{acts,bots,channels,config,delivery,dialogue,fleet,http,scenes,examples}/**/*.ts'],
    {
      cwd: root,
    },
  )
  const code = sources.map((file) => readFileSync(join(root, file), 'utf8')).join('\n')
  const prefixes = [...code.matchAll(/[`']([\w-]+\.(?:[\w-]+\.)*)\$\{/g)].map(([, prefix]) => prefix ?? '')
  const unused = folders.flatMap((folder) => {
    const kind = folder === 'locales' ? '' : `${folder.split('/').at(-2)}.`
    return stems(read(folder, 'en'))
      .filter((key) => folder === 'locales' || !spelledByKind.test(key))
      .map((key) => kind + key)
      .filter((key) => !code.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)))
  })
  expect(unused).toEqual([])
})
