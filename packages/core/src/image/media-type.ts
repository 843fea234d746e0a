/** First bytes of the picture files that hosts deliver; `..` stands for any byte. */
const signatures = {
  'image/png': '89504e470d0a1a0a',
  'image/jpeg': 'ffd8ff',
  'image/webp': '52494646........57454250',
  'image/gif': '47494638',
  'image/avif': '........66747970617669',
} as const;

export type MediaType = keyof typeof signatures;

/** The media type that the first bytes of a picture prove, whatever a header or file name says. */
export function sniffMediaType(bytes: Uint8Array): MediaType | undefined {
  const head = Array.from(bytes.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  for (const [type, pattern] of Object.entries(signatures)) {
    if (new RegExp(`^${pattern}`).test(head)) return type as MediaType;
  }
  return undefined;
}
