const widest = 120;

/** Plain data as a program writes it, on one line. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = toMembers(value);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** The members of an object, each as `name: value`. */
export const toMembers = (value: object): string[] =>
  Object.entries(value).map(
    ([name, member]) => `${/^[a-z_]\w*$/i.test(name) ? name : quoted(name)}: ${literal(member)}`,
  );

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** Texts one after the other, a comma after each, in lines of at most 120 characters. */
export function fill(texts: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const text of texts) {
    const longer = line === '' ? `${indent}${text},` : `${line} ${text},`;
    if (line !== '' && longer.length > widest) {
      lines.push(line);
      line = `${indent}${text},`;
    } else line = longer;
  }
  return [...lines, line].join('\n');
}
