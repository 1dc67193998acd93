import { GrammyError } from 'grammy'

/** For what is nice to have: answers whether the messenger did it. */
export async function tolerate(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    if (error instanceof GrammyError) return false
    throw error
  }
}
