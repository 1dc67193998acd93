import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directoryApi } from '../directory/openapi.ts'
import { type Heard, startDirectory } from './directory-server.ts'

const folder = join(import.meta.dirname, '../docs/directory-api')

test('openapi.json is what the schemas say (made anew with: npm test -- test/directory-api.test.ts -u)', async () => {
  await expect(`${JSON.stringify(directoryApi(), null, 2)}\n`).toMatchFileSnapshot(join(folder, 'openapi.json'))
})

test('every reference of the document leads somewhere, and every schema is used', () => {
  const { components } = directoryApi()
  const names = [...JSON.stringify(directoryApi()).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  )
  expect([...new Set(names)].sort()).toEqual(Object.keys(components.schemas).sort())
})

test('the curl lines of the page ask just what the client asks', async () => {
  await using system = await startDirectory(({ method }) => ({ json: method === 'GET' ? null : { userId: 1177 } }))
  const directory = system.open()
  await directory.find({ userId: '127' })
  await directory.find({ email: 'ada@example.com' })
  await directory.find({ phone: '+7 918 777-77-77' })
  const place = { country: 'Uzbekistan', region: 'Tashkent region', city: 'Tashkent' }
  const ada = { firstname: 'Ada', lastname: 'Lovelace', middlename: 'Byron', role: 'user', email: 'ada@example.com' }
  await directory.register({ ...ada, phone: '79187777777', location: place }, 'register-1')
  await directory.connectBot('127', 'connect-1')
  await directory.disconnectBot('127', 'disconnect-1')
  await directory.change('127', { email: 'ada@example.com', location: { city: 'Samarkand' } }, 'change-1')
  expect(await curlLines()).toEqual(system.heard.map(outline))
})

type Outline = Pick<Heard, 'method' | 'path' | 'query' | 'body'> & { key: unknown }

function outline({ method, path, query, body, headers }: Heard): Outline {
  return { method, path, query, body, key: headers['idempotency-key'] }
}

/** What the curl lines of the page would send. */
async function curlLines(): Promise<Outline[]> {
  const page = await readFile(join(folder, 'README.md'), 'utf8')
  const lines = page.replaceAll('\\\n', '').match(/^curl .*$/gm) ?? []
  return lines.map((line) => {
    const url = new URL(/"\$DIRECTORY([^"]*)"/.exec(line)?.[1] ?? 'none', 'http://directory')
    const body = /-d '([^']*)'/.exec(line)?.[1]
    expect(line).toContain('-H "Authorization: Bearer $TOKEN"')
    return {
      method: /-X (\w+)/.exec(line)?.[1] ?? (body ? 'POST' : 'GET'),
      path: `/api${url.pathname}`,
      query: Object.fromEntries(url.searchParams),
      body: body && JSON.parse(body),
      key: /Idempotency-Key: ([\w-]+)/.exec(line)?.[1],
    }
  })
}
