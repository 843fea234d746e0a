/** A raw error, Request or Response can hold the key in its headers: only these three facts are kept, as texts. */
export function describeCause(cause: unknown): object | undefined {
  const facts = isError(cause) ? innermost(cause) : isPlain(cause) ? cause : {};
  const kept = ['name', 'code', 'syscall'].flatMap((key) => {
    const value: unknown = (facts as Record<string, unknown>)[key];
    return typeof value === 'string' ? [[key, value] as const] : [];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Recognised by tag, because frames and test runners have an `Error` of their own. */
export const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A fact that the network's own error carries, however deep fetch has wrapped it. */
export function networkFact(error: unknown, key: 'code' | 'syscall'): string | undefined {
  const fact: unknown = isError(error) ? (innermost(error) as { code?: unknown; syscall?: unknown })[key] : undefined;
  return typeof fact === 'string' ? fact : undefined;
}

export const networkCode = (error: unknown): string | undefined => networkFact(error, 'code');

function innermost(error: Error, depth = 0): Error {
  return isError(error.cause) && depth < 8 ? innermost(error.cause, depth + 1) : error;
}
