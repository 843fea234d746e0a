/** What `resources/read` answers to. */
export const linkTemplate = 'imageport://images/{intent}/{n}';

/** Where a saved picture can be read: `imageport://images/{intent}/{n}`. */
export const toLink = (intentId: string, number: string): string =>
  `imageport://images/${encodeURIComponent(intentId)}/${number}`;

/** Undefined for what is no such link. */
export function parseLink(uri: string): { readonly intentId: string; readonly number: string } | undefined {
  const [, intent, number] = /^imageport:\/\/images\/([^/?#]+)\/(\d+(?:x\d+)?)$/.exec(uri) ?? [];
  if (intent === undefined || number === undefined) return undefined;
  try {
    return { intentId: decodeURIComponent(intent), number };
  } catch {
    return undefined;
  }
}
