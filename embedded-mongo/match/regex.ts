import { fail } from '../errors.ts'

const syntax = /[\^$\\.*+?()[\]{}|/]/

/** A PCRE pattern as a JS RegExp. What JS reads otherwise is translated or, where that cannot be, refused. */
export function compileRegex(pattern: string, flags: string): RegExp {
  for (const flag of flags) {
    if (!'imsxu'.includes(flag)) fail(51108, `invalid flag in regex options: ${flag}`)
  }
  const source = translate(pattern, flags)
  try {
    return new RegExp(source, `u${[...new Set(flags)].filter((flag) => 'ims'.includes(flag)).join('')}`)
  } catch (error) {
    return fail(51091, `Regular expression is invalid: ${(error as Error).message}`)
  }
}

function translate(pattern: string, flags: string): string {
  let result = ''
  let inClass = false
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] as string
    if (char === '\\') {
      result += translateEscape(
        pattern[++index] ?? fail(51091, 'Regular expression is invalid: \\ at end of pattern'),
        inClass,
      )
    } else if (inClass) {
      if (pattern.startsWith('[:', index))
        fail(51091, 'Regular expression: POSIX classes are not supported by the embedded store')
      if (char === ']') inClass = false
      result += char === '[' ? '\\[' : char
    } else if (char === '[') {
      inClass = true
      result += char
      // A ] right after the opening stands for itself in PCRE.
      if (pattern[index + 1] === '^') result += pattern[++index]
      if (pattern[index + 1] === ']') {
        result += '\\]'
        index++
      }
    } else if (flags.includes('x') && /\s/.test(char)) continue
    else if (flags.includes('x') && char === '#') {
      while (index < pattern.length && pattern[index] !== '\n') index++
    } else if (char === '$' && !flags.includes('m')) result += '(?=\\n?(?![\\s\\S]))'
    else if (char === '{' && !/^\{\d+(,\d*)?\}/.test(pattern.slice(index))) result += '\\{'
    else if (char === '}' && !/\{\d+(,\d*)?$/.test(pattern.slice(0, index))) result += '\\}'
    else if (char === ']') result += '\\]'
    else result += char
  }
  return result
}

function translateEscape(char: string, inClass: boolean): string {
  if (/[A-Za-z0-9]/.test(char)) {
    if (!inClass && char === 'A') return '(?<![\\s\\S])'
    if (!inClass && char === 'z') return '(?![\\s\\S])'
    if (!inClass && char === 'Z') return '(?=\\n?(?![\\s\\S]))'
    return `\\${char}`
  }
  if (syntax.test(char) || (inClass && char === '-')) return `\\${char}`
  return char
}
