let url: string | undefined

/** Where others reach Rookery's HTTP API: PUBLIC_URL, else the address it listens on. Set by the composition root once it listens. */
export function publicUrl(): string {
  if (!url) throw new Error('The public URL is not known yet: setPublicUrl() comes when the server listens')
  return url
}

export function setPublicUrl(known: string): void {
  url = known.replace(/\/+$/, '')
}
