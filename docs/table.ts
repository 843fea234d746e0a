/** A Markdown table, as wide as the formatter makes it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const rule = head.map(() => '');
  return [line(head), line(rule, '-'), ...rows.map((row) => line(row))].join('\n');
}

/** Code inside a cell, where a pipe would end it. */
export const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

/** Words that hold an asterisk, which would begin an emphasis. */
export const plain = (text: string): string => text.replaceAll('*', '\\*');
