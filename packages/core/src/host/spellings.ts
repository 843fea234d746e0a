/** A shorter text is no secret, and would be found in words that have nothing to do with it. */
export const leastLength = 8;

/** One way to write a secret, sign by sign. */
export interface Spelling {
  /** Its signs, and beside each what stands for the same: the other letter case, or the sign that base64url has. */
  readonly signs: string;
  readonly others: string;
  /** Where to go on when a text goes on otherwise behind so many signs; -1: at its next sign. */
  readonly borders: Int32Array;
}

export interface Spellings {
  readonly all: readonly Spelling[];
  /** The spellings that are replaced by a name of their own, so that they can be put back. */
  readonly exact: ReadonlyMap<string, string>;
}

/** How a secret can be written. The time and the memory that it takes grow with its length. */
export function spell(secret: string): Spellings {
  const bytes = Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte)).join('');
  const hex = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  const encoded = [0, 1, 2].map((offset) => coreOfBase64(bytes, offset));
  const exact = [
    secret,
    encodeURIComponent(secret),
    ...encoded,
    ...encoded.map(toUrlAlphabet),
    hex,
    secret.toLowerCase(),
    secret.toUpperCase(),
  ];
  return {
    // Base64 is read with its letter cases, everything else without.
    all: [
      ...[secret, hex].map((each) => toSpelling(each.toLowerCase(), each.toUpperCase())),
      ...encoded.map((core) => toSpelling(core, toUrlAlphabet(core))),
    ],
    exact: new Map(
      [...new Set(exact)].map((each, index) => [each, index === 0 ? '[redacted]' : `[redacted:${index}]`]),
    ),
  };
}

/** A letter case that makes a text longer, as of a sharp s, is passed over. */
const toSpelling = (signs: string, others: string): Spelling => ({
  signs,
  others: others.length === signs.length ? others : signs,
  borders: bordersOf(signs),
});

/**
 * The table of Knuth, Morris and Pratt: for each beginning the longest shorter one that it ends with and that goes on
 * otherwise, so that no sign of a text is compared more than some tens of times.
 */
function bordersOf(signs: string): Int32Array {
  const borders = new Int32Array(signs.length);
  borders[0] = -1;
  let border = 0;
  for (let length = 1; length < signs.length; length += 1) {
    const isSame = signs[length] === signs[border];
    borders[length] = isSame ? (borders[border] as number) : border;
    while (border >= 0 && signs[length] !== signs[border]) border = borders[border] as number;
    border += 1;
  }
  return borders;
}

const toUrlAlphabet = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

/** What is sure to be in the base64 of any bytes with these at a place that is `offset` beyond a multiple of 3. */
function coreOfBase64(bytes: string, offset: number): string {
  const code = btoa('\0'.repeat(offset) + bytes);
  return code.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
