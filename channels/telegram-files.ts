import { Readable } from 'node:stream'
import { InputFile } from 'grammy'

type Source = { source: Buffer | Readable; filename?: string }

/**
 * A payload with grammY's `InputFile`s, made ready for Telegraf's `callApi`. A file at the top is a source; a nested one is uploaded beside
 * and named by `attach://`. Beside a file, Telegraf's multipart drops objects silently, and any object with a `url` it takes for
 * media to download: so those travel as JSON strings, which the Bot API reads as well.
 */
export async function withFiles(payload: object): Promise<Record<string, unknown>> {
  const uploads: Record<string, Source> = {}
  const nested: [name: string, file: InputFile][] = []
  const entries = Object.entries(payload).filter(([, value]) => value !== undefined && value !== null)
  const fields: Record<string, unknown> = {}
  for (const [name, value] of entries) {
    if (value instanceof InputFile) uploads[name] = await sourceOf(value)
    else fields[name] = typeof value === 'object' ? attached(value, nested) : value
  }
  for (const [name, file] of nested) uploads[name] = await sourceOf(file)
  if (Object.keys(uploads).length === 0 && !Object.values(fields).some(looksLikeMedia)) return fields
  const strings = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : value,
  ])
  return { ...Object.fromEntries(strings), ...uploads }
}

function attached(value: unknown, nested: [string, InputFile][]): unknown {
  if (value instanceof InputFile) {
    const name = `file${nested.length}`
    nested.push([name, value])
    return `attach://${name}`
  }
  if (Array.isArray(value)) return value.map((item) => attached(item, nested))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, attached(item, nested)]))
}

function looksLikeMedia(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('url' in value || 'source' in value || 'media' in value)
}

async function sourceOf(file: InputFile): Promise<Source> {
  const raw = await file.toRaw()
  // A bare Uint8Array is dropped silently by Telegraf: only a Buffer or a stream arrives.
  const source = raw instanceof Uint8Array ? Buffer.from(raw) : raw instanceof Readable ? raw : Readable.from(raw)
  return file.filename === undefined ? { source } : { source, filename: file.filename }
}
