import { ConfigError } from '../config/errors.ts'
import type { ServerRecord } from '../models/server.ts'
import type { Channel } from './channel.ts'
import { telegramChannel } from './telegram.ts'

/** The messengers that Rookery speaks, by the `channel` of a server's record. */
const channels: Record<string, (server: ServerRecord, token: string) => Channel> = {
  telegram: ({ apiRoot }, token) => telegramChannel({ apiRoot, token }),
}

/** A bot's way to its messenger. Opens no connection before the first call. */
export function openChannel(server: ServerRecord, token: string): Channel {
  const open = channels[server.channel]
  if (!open)
    throw new ConfigError(
      `Server ${server._id} has the channel "${server.channel}"; known: ${Object.keys(channels).join(', ')}`,
    )
  return open(server, token)
}
