import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Makes durable what stands in the folder under which name. */
export function syncFolder(path: string): void {
  // A folder can be synced on all systems but one.
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
