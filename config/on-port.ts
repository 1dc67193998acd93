import { ConfigError } from './errors.ts'

/** Listens by `start`. @throws ConfigError naming the setting of the port and the remedy, where the address cannot be had */
export async function onPort<T>(setting: string, port: number, start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    const remedy = remedies[(error as NodeJS.ErrnoException).code ?? '']
    if (!remedy) throw error
    throw new ConfigError(remedy(setting, port))
  }
}

const noAddress = () =>
  'HOST: this is no address of this machine; set HOST to 127.0.0.1, or to 0.0.0.0 for all of its addresses'

const remedies: Record<string, (setting: string, port: number) => string> = {
  EADDRINUSE: (setting, port) =>
    `${setting}: port ${port} is taken by another program; set ${setting} to a free one, or end that program`,
  EACCES: (setting, port) => `${setting}: this user may not listen on port ${port}; set ${setting} to one above 1023`,
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
}
