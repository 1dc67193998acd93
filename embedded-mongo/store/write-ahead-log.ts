import { readSync } from 'node:fs'

// SQLite's "Database File Format", section 4, "The Write-Ahead Log".
const magics = [0x377f0682, 0x377f0683]
const headerBytes = 32
const frameHeaderBytes = 24

/**
 * The pages in a log, with their numbers, as far as SQLite reads it: to the first frame that is not whole. A kill can
 * leave the header of one without its page, with whatever stood there in an earlier round of the log.
 */
export function* pagesInLog(log: number): Generator<{ number: number; page: Buffer }, void, void> {
  const header = readBytes(log, 0, headerBytes)
  if (header.length < headerBytes || !magics.includes(header.readUInt32BE(0))) return
  const pageBytes = header.readUInt32BE(8)
  const salts = header.subarray(16, 24)
  const checksum = new Checksum(header.readUInt32BE(0) === magics[0])
  if (!checksum.add(header.subarray(0, 24)).is(header.subarray(24))) return
  for (let at = headerBytes; ; at += frameHeaderBytes + pageBytes) {
    const frame = readBytes(log, at, frameHeaderBytes + pageBytes)
    if (frame.length < frameHeaderBytes + pageBytes || !frame.subarray(8, 16).equals(salts)) return
    const page = frame.subarray(frameHeaderBytes)
    if (!checksum.add(frame.subarray(0, 8)).add(page).is(frame.subarray(16, 24))) return
    yield { number: frame.readUInt32BE(0), page }
  }
}

/** Of all that came before in the log, too: section 4.2, "Checksum Algorithm". */
class Checksum {
  readonly #littleEndian: boolean
  #first = 0
  #second = 0
  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian
  }

  /** @param bytes a multiple of eight */
  add(bytes: Buffer): this {
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = 0; at < bytes.length; at += 8) {
      this.#first = (this.#first + words.getUint32(at, this.#littleEndian) + this.#second) >>> 0
      this.#second = (this.#second + words.getUint32(at + 4, this.#littleEndian) + this.#first) >>> 0
    }
    return this
  }

  is(stored: Buffer): boolean {
    return stored.readUInt32BE(0) === this.#first && stored.readUInt32BE(4) === this.#second
  }
}

/** So many bytes from there, or those that the file has. */
export function readBytes(descriptor: number, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, at))
}
