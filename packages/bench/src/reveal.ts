const mostDepth = 10;

/**
 * All text that a caller could read off a value: own properties at any depth, headers, the message and the causes of
 * errors, the bytes of pictures. Stacks are left out.
 */
export function reveal(value: unknown): string {
  const seen = new Set<unknown>();
  const walk = (each: unknown, depth: number): string[] => {
    if (typeof each !== 'object' || each === null) return typeof each === 'function' ? [] : [String(each)];
    if (seen.has(each) || depth > mostDepth) return [];
    seen.add(each);
    if (each instanceof ArrayBuffer) return [Buffer.from(each).toString('latin1')];
    if (each instanceof Uint8Array) return [Buffer.from(each).toString('latin1')];
    return membersOf(each).flatMap((member) => walk(member, depth + 1));
  };
  return walk(value, 0).join('\n');
}

function membersOf(value: object): unknown[] {
  const own: unknown[] = Object.values(value);
  if (value instanceof Headers) return [...value.values()];
  if (value instanceof Map) return [...value.values()];
  if (value instanceof Response) return [value.url, value.headers];
  return value instanceof Error ? [...own, value.message, value.cause] : own;
}

/** An error in a few words. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 60);
  const { code, billed, status } = error as { code?: unknown; billed?: unknown; status?: unknown };
  if (error.name === 'ImageError') return `${String(code)}, billed: ${String(billed)}`;
  const mark = typeof status === 'number' ? `${status} ` : '';
  const text = error.message.replace(/https?:\/\/[\d.:]+/g, '').replace(/\s+/g, ' ');
  return `${error.constructor.name}: ${mark}${text.length > 70 ? `${text.slice(0, 69)}…` : text}`;
}
