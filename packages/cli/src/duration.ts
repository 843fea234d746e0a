const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Reads "90s", "2m", "500ms" or plain milliseconds. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/.exec(text.trim()) ?? [];
  return amount === undefined ? undefined : Number(amount) * (units[unit] ?? 1);
}

/** A small plain number was surely meant as seconds, and a call cut off after 60 ms can cost a picture. */
export const isLikelySeconds = (text: string): boolean => /^\d{1,3}$/.test(text.trim());

export const showDuration = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** How long ago something was, roughly. */
export function showAge(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 1) return `${Math.max(0, Math.round(milliseconds / 1000))} s ago`;
  if (minutes < 120) return `${Math.round(minutes)} min ago`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} days ago`;
}
