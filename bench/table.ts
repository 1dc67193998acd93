export type Line = { what: string; measured: string; note: string }

/** The lines as one table of plain text that is Markdown as well. */
export function table(lines: Line[]): string {
  const rows = [['what', 'measured', 'note'], ...lines.map(({ what, measured, note }) => [what, measured, note])]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const printed = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [printed[0], rule, ...printed.slice(1)].join('\n')
}
