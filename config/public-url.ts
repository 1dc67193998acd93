let url: string | undefined
let setting: string | undefined

/** Where others reach Rookery's HTTP API: PUBLIC_URL, else the address it listens on. Set by the composition root once it listens. */
export function publicUrl(): string {
  if (!url) throw new Error('The public URL is not known yet: setPublicUrl() comes when the server listens')
  return url
}

/** PUBLIC_URL where it is set: a messenger that posts to us needs an address that somebody vouches for. */
export function publicUrlSetting(): string | undefined {
  return setting
}

export function setPublicUrl(listening: string, publicUrl?: string): void {
  setting = publicUrl?.replace(/\/+$/, '')
  url = setting ?? listening.replace(/\/+$/, '')
}
