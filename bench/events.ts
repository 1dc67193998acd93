type MessageEvent = { person: number; message: { text?: string; outgoing: boolean } }

/** Hears every message of every chat of a sandbox until it is closed. */
export async function hear(
  sandboxUrl: string,
  onMessage: (event: MessageEvent) => void,
): Promise<{ close(): Promise<void> }> {
  const closing = new AbortController()
  const response = await fetch(`${sandboxUrl}/api/events`, { signal: closing.signal })
  const reading = read(response.body?.pipeThrough(new TextDecoderStream()) ?? new ReadableStream(), onMessage)
  return {
    async close() {
      closing.abort()
      await reading
    },
  }
}

async function read(chunks: ReadableStream<string>, onMessage: (event: MessageEvent) => void): Promise<void> {
  let rest = ''
  try {
    for await (const chunk of chunks) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^event: message\ndata: (.*)$/s.exec(block)?.[1]
        if (data !== undefined) onMessage(JSON.parse(data))
      }
    }
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error
  }
}
