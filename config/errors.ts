/** A setting or a circumstance of the start that a person must mend; the message is one line that names the remedy. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}
