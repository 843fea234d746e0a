/** A shorter text is no secret, and would be found in words that have nothing to do with it. */
export const leastLength = 8;

/** How one secret can stand in a text. */
export interface Spellings {
  /** The secret in any of its spellings, white space and control characters between its characters included. */
  readonly anywhere: readonly RegExp[];
  /** The beginning of it where a text was cut off. */
  readonly atCut: readonly RegExp[];
  /** The spellings that are replaced by a name of their own, so that they can be put back. */
  readonly exact: ReadonlyMap<string, string>;
}

/** What may stand between two characters: what breaks a line, as it is or escaped, and what cannot be seen. */
const unseen = '[\\s\\x00-\\x1f\\x7f-\\x9f\\xad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]{0,99}';
const gap = `${unseen}(?:\\\\{1,4}[nrt]${unseen}){0,4}`;
/** An escape may be cut off as well. */
const cutEnd = `${gap}(?:%[0-9a-f]?|\\\\+(?:u[0-9a-f]{0,3})?|\\ufffd)?$`;

export function spell(secret: string): Spellings {
  const encoded = [0, 1, 2].map((offset) => coreOfBase64(secret, offset));
  const plain = Array.from(secret, plainSign);
  const hex = Array.from(toHex(secret), escapeSign);
  const [words, codes] = [[plain, hex], encoded.map((core) => Array.from(core, base64Sign))];
  const exact = [
    secret,
    encodeURIComponent(secret),
    ...encoded,
    ...encoded.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
    toHex(secret),
    secret.toLowerCase(),
    secret.toUpperCase(),
  ];
  return {
    anywhere: anyOf(words, codes, (signs) => signs.join(gap)),
    atCut: anyOf(words, codes, cutOff),
    exact: new Map(
      [...new Set(exact)].map((each, index) => [each, index === 0 ? '[redacted]' : `[redacted:${index}]`]),
    ),
  };
}

/** Base64 is read with its letter cases, everything else without. */
const anyOf = (
  words: readonly (readonly string[])[],
  codes: readonly (readonly string[])[],
  join: (signs: readonly string[]) => string,
): readonly RegExp[] => [new RegExp(words.map(join).join('|'), 'gi'), new RegExp(codes.map(join).join('|'), 'g')];

/** The first eight characters, and as many more as there are. */
const cutOff = (signs: readonly string[]): string =>
  `${signs.slice(0, leastLength).join(gap)}${signs
    .slice(leastLength)
    .reduceRight((rest, sign) => `(?:${gap}${sign}${rest})?`, '')}${cutEnd}`;

const escapeSign = (sign: string): string => sign.replace(/[^\w]/g, '\\$&');

/** As it is, URL-encoded any number of times, or escaped as in JSON. */
function plainSign(sign: string): string {
  const hex = sign.charCodeAt(0).toString(16).padStart(2, '0');
  return `(?:\\\\{0,4}${escapeSign(sign)}|%(?:25){0,3}${hex}|\\\\{1,4}u00${hex})`;
}

function base64Sign(sign: string): string {
  if (sign === '+') return '(?:[+-]|%(?:25){0,3}2[Bb])';
  return sign === '/' ? '(?:\\\\{0,4}/|_|%(?:25){0,3}2[Ff])' : sign;
}

/** What is sure to be in the base64 of any bytes with the secret at a place that is `offset` beyond a multiple of 3. */
function coreOfBase64(secret: string, offset: number): string {
  const code = btoa('\0'.repeat(offset) + secret);
  return code.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + secret.length) * 8) / 6));
}

const toHex = (text: string): string =>
  Array.from(text, (sign) => sign.charCodeAt(0).toString(16).padStart(2, '0')).join('');
