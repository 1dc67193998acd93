import { createHash } from 'node:crypto'
import type { Sticker } from 'grammy/types'

/** A sticker of the sandbox is an emoji drawn large; the same emoji is the same sticker. */
export function stickerOf(emoji: string): Sticker {
  const unique = createHash('sha256').update(emoji).digest('base64url')
  return {
    file_id: `CAACAgIAAx${unique.slice(0, 32)}`,
    file_unique_id: `AgAD${unique.slice(0, 12)}`,
    type: 'regular',
    width: 512,
    height: 512,
    is_animated: false,
    is_video: false,
    emoji,
    set_name: 'Sandbox',
  }
}
