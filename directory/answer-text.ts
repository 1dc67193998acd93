/** More than any account needs: a directory that answers with everybody it knows must not fill the memory. */
const mostBytes = 1024 * 1024

/** The body of an answer, or undefined if it is too large; then the rest is not read. */
export async function answerText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > mostBytes) return undefined
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}
