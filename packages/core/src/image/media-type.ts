/** First bytes of the picture files that hosts take and deliver; `.` stands for any hexadecimal digit. */
const signatures = {
  'image/png': /^89504e470d0a1a0a/,
  'image/jpeg': /^ffd8ff/,
  'image/webp': /^52494646........57454250/,
  'image/gif': /^47494638/,
  'image/avif': /^........66747970617669/,
} as const;

/** Of those that models only deliver. */
const deliveredSignatures = {
  'image/tiff': /^(49492a00|4d4d002a)/,
  'image/bmp': /^424d/,
  // A sign of markup, behind a byte order mark and space: what follows tells whether it is a picture.
  'image/svg+xml': /^(efbbbf)?(09|0a|0d|20)*3c/,
} as const;

/** What a reference picture may be. */
export type MediaType = keyof typeof signatures;

/** What a picture that is downloaded may be. */
export type DeliveredType = MediaType | keyof typeof deliveredSignatures;

/** The media type that the first bytes of a reference picture prove, whatever a header or file name says. */
export const sniffMediaType = (bytes: Uint8Array): MediaType | undefined => find(signatures, bytes.subarray(0, 12));

/** The media type that the first bytes of a delivered picture claim. Only its whole file proves it. */
export const sniffDelivered = (bytes: Uint8Array): DeliveredType | undefined =>
  sniffMediaType(bytes) ?? find(deliveredSignatures, bytes.subarray(0, 256));

function find<Type extends string>(patterns: Readonly<Record<Type, RegExp>>, bytes: Uint8Array): Type | undefined {
  const head = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const types = Object.keys(patterns) as Type[];
  return types.find((type) => patterns[type].test(head));
}
