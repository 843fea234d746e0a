/** A shorter text is no secret, and would be found in words that have nothing to do with it. */
export const leastLength = 8;

/** How one secret can stand in a text. */
export interface Spellings {
  /** Whether any spelling of the secret begins somewhere in a text. Compiled in a tenth of the time of the others. */
  begins(text: string): boolean;
  /** The secret in any of its spellings, with line breaks and what cannot be seen between its characters. */
  anywhere(): readonly RegExp[];
  /** The beginning of it where a text was cut off. */
  atCut(): readonly RegExp[];
  /** The spellings that are replaced by a name of their own, so that they can be put back. */
  readonly exact: ReadonlyMap<string, string>;
}

/** White space, control characters but for Escape, marks and fillers that nobody sees, and the halves of those beyond U+FFFF. */
const unseen =
  '[\\s\\x00-\\x1a\\x1c-\\x1f\\x7f-\\x9f\\xad\\u0300-\\u036f\\u061c\\u115f\\u1160\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\udb40\\udc00-\\udc7f\\udd00-\\uddef]{0,99}';
/** A sequence that colours a terminal or links in it, or the beginning of any other. */
const terminal = '(?:\\x1b|\\\\{1,4}(?:u00|x)1[bB])(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\x07\\x1b]{0,99}(?:\\x07|\\x1b\\\\))?';
/**
 * What may stand between two characters: what breaks a line, as it is or escaped, and what cannot be seen. It and the signs
 * below never begin alike: a text that could be read in two ways at each character would be read in all of their combinations.
 */
export const gap = `${unseen}(?:(?:\\\\{1,4}[nrt]|${terminal})${unseen}){0,4}`;
/** An escape may be cut off as well. */
const cutEnd = `${gap}(?:%[0-9a-f]?|\\\\+(?:[ux][0-9a-f]{0,3})?|&(?:amp;?)?#?\\w{0,9}|\\x1b\\[[0-?]*|\\ufffd)?$`;

export function spell(secret: string): Spellings {
  const encoded = [0, 1, 2].map((offset) => coreOfBase64(secret, offset));
  const plain = Array.from(secret, plainSign);
  const hex = Array.from(toHex(secret));
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
  const beginnings = anyOf(words, codes, (signs) => signs.slice(0, enough).join(gap));
  const anywhere = once(() => anyOf(words, codes, (signs) => signs.join(gap)));
  const atCut = once(() => anyOf(words, codes, cutOff));
  return {
    begins: (text) => beginnings.some((each) => text.search(each) >= 0),
    anywhere,
    atCut,
    exact: new Map(
      [...new Set(exact)].map((each, index) => [each, index === 0 ? '[redacted]' : `[redacted:${index}]`]),
    ),
  };
}

/** So many characters of a spelling are rarely found where it does not follow. */
const enough = 4;

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
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

/**
 * As it is, URL-encoded any number of times, or escaped as in JSON, JavaScript or HTML. Nobody escapes a letter by a
 * backslash alone: `\n` is a line break, and belongs to the gap.
 */
export function plainSign(sign: string): string {
  const hex = sign.charCodeAt(0).toString(16).padStart(2, '0');
  const itself = /\w/.test(sign) ? sign : `\\\\{0,4}\\${sign}`;
  return `(?:${itself}|%(?:25){0,3}${hex}|\\\\{1,4}(?:u00|x)${hex}|${htmlSign(sign)})`;
}

function base64Sign(sign: string): string {
  if (sign === '+') return `(?:[+-]|%(?:25){0,3}2[Bb]|\\\\{1,4}(?:u00|x)2[Bb]|${htmlSign(sign)})`;
  return sign === '/' ? `(?:\\\\{0,4}/|_|%(?:25){0,3}2[Ff]|\\\\{1,4}(?:u00|x)2[Ff]|${htmlSign(sign)})` : sign;
}

const htmlNames: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
  '/': 'sol',
  '+': 'plus',
  '=': 'equals',
};

/** By its name or its number, the ampersand itself escaped or not. */
function htmlSign(sign: string): string {
  const code = sign.charCodeAt(0);
  const hex = code.toString(16).replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const name = htmlNames[sign];
  return `&(?:amp;){0,3}(?:#0*${code};?|#[xX]0*${hex};?${name ? `|${name};` : ''})`;
}

/** What is sure to be in the base64 of any bytes with the secret at a place that is `offset` beyond a multiple of 3. */
function coreOfBase64(secret: string, offset: number): string {
  const code = btoa('\0'.repeat(offset) + secret);
  return code.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + secret.length) * 8) / 6));
}

const toHex = (text: string): string =>
  Array.from(text, (sign) => sign.charCodeAt(0).toString(16).padStart(2, '0')).join('');
