import { basename } from 'node:path'
import { limits } from '../../bot-api/limits.ts'
import { badRequest } from '../failures.ts'
import type { FileKind, Upload } from '../files.ts'

const patience = 10_000

/** Fetches a file that a bot named by its address, as Telegram does it on its side. */
export async function fetchFile(url: string, kind: FileKind, signal: AbortSignal): Promise<Upload> {
  const most = kind === 'photo' ? limits.fetchedPhotoBytes : limits.fetchedFileBytes
  const { response, bytes } = await load(url, most, signal)
  const mime = (response.headers.get('content-type') ?? 'application/octet-stream').split(';')[0]?.trim() ?? ''
  if (kind === 'photo' && !mime.startsWith('image/')) throw badRequest('wrong type of the web page content')
  return { name: nameFrom(url), mime, bytes }
}

async function load(url: string, most: number, gone: AbortSignal): Promise<{ response: Response; bytes: Buffer }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([gone, AbortSignal.timeout(patience)]) })
    if (response.ok) return { response, bytes: await readAtMost(response, most) }
  } catch {
    // Whatever went wrong on the way, Telegram has one sentence for it.
  }
  throw badRequest('failed to get HTTP URL content')
}

async function readAtMost(response: Response, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > most) throw new RangeError('The file is too large to be fetched')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function nameFrom(url: string): string {
  const last = basename(new URL(url).pathname)
  try {
    return decodeURIComponent(last) || 'file'
  } catch {
    return last
  }
}
