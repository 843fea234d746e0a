/** Milliseconds asked for by a `Retry-After` header: seconds or an HTTP date. Nonsense and the past are no wish. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.split(',')[0]?.trim() ?? '';
  if (/^\d{1,15}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = /^[A-Z][a-z]{2,8}, .*GMT$/.test(header.trim()) ? Date.parse(header) : Number.NaN;
  return date > now ? date - now : undefined;
}
