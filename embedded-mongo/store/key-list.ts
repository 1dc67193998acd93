/** Keys one after another in one piece of memory: a million of them take what their bytes take. */
export class KeyList {
  #bytes = Buffer.allocUnsafe(64)
  #end = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(key: Buffer): void {
    const end = this.#end + 4 + key.length
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, this.#end)
      this.#bytes = larger
    }
    this.#bytes.writeUInt32LE(key.length, this.#end)
    key.copy(this.#bytes, this.#end + 4)
    this.#end = end
    this.#length++
  }

  *[Symbol.iterator](): Generator<Buffer, void, void> {
    for (let at = 0; at < this.#end; ) {
      const end = at + 4 + this.#bytes.readUInt32LE(at)
      yield this.#bytes.subarray(at + 4, end)
      at = end
    }
  }
}
