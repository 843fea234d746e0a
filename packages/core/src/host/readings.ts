/** Takes one way to read on at a place of a text: a sign, or `nothing`, and where it ends. */
export type TakeReading = (sign: number, end: number) => void;

/** What stands between two signs: a line break, or what cannot be seen. */
export const nothing = -1;

/**
 * Every way to read on at `at`: the character itself, URL-encoded up to four times, or escaped as in JSON, JavaScript or
 * HTML. Nobody escapes a letter by a backslash alone: `\n` is a line break. `between`: what stands between two signs too.
 */
export function readAt(text: string, at: number, between: boolean, take: TakeReading): void {
  const code = text.charCodeAt(at);
  take(code, at + 1);
  if (code === percent) readUrlEncoded(text, at, take);
  else if (code === backslash) readBackslashes(text, at, take);
  else if (code === ampersand) readHtml(text, at, take);
  if (!between) return;
  const sequence = matchAt(terminal, text, at);
  if (sequence) {
    const [whole, start = ''] = sequence;
    take(nothing, at + whole.length);
    if (start.length < whole.length) take(nothing, at + start.length);
  } else if (unseen.test(text.charAt(at))) take(nothing, at + 1);
}

const [percent, backslash, ampersand] = [0x25, 0x5c, 0x26];

/** Whether a sign can be spelled by more than one character that begins here. */
export const isEscape = (code: number): boolean => code === percent || code === backslash || code === ampersand;

const mostEncodings = 4;

/** `%41`, `%2541` … At `%25` a sign may end as well: it may be the percent sign itself. */
function readUrlEncoded(text: string, at: number, take: TakeReading): void {
  for (let end = at + 3; end <= at + 1 + 2 * mostEncodings; end += 2) {
    const digits = text.slice(end - 2, end);
    if (!/^[0-9a-f]{2}$/i.test(digits)) return;
    take(Number.parseInt(digits, 16), end);
    if (digits !== '25') return;
  }
}

const mostBackslashes = 4;
const escaped = /\\{1,4}(?:([nrt])|(?:u00|x)([0-9a-fA-F]{2})|([^\w\\]|_))/y;

function readBackslashes(text: string, at: number, take: TakeReading): void {
  for (let end = at + 1; end <= at + mostBackslashes && text.charCodeAt(end) === backslash; end += 1) {
    take(backslash, end + 1);
  }
  const found = matchAt(escaped, text, at);
  if (!found) return;
  const [{ length }, lineBreak, hex, sign] = found;
  if (lineBreak) take(nothing, at + length);
  else take(hex ? Number.parseInt(hex, 16) : (sign as string).charCodeAt(0), at + length);
}

const html = /&(?:amp;){0,3}(?:#(?:[xX]0*([0-9a-fA-F]{1,4})|0*(\d{1,5}));?|(lt|gt|quot|apos|sol|plus|equals);)/y;
const named = { lt: 0x3c, gt: 0x3e, quot: 0x22, apos: 0x27, sol: 0x2f, plus: 0x2b, equals: 0x3d } as const;

/** By its name or its number, the ampersand itself escaped or not. Without a semicolon behind it, some of the digits may be the next signs. */
function readHtml(text: string, at: number, take: TakeReading): void {
  for (let end = at + 5; end <= at + 1 + 4 * mostEncodings && text.startsWith('amp;', end - 4); end += 4) {
    take(ampersand, end);
  }
  const found = matchAt(html, text, at);
  if (!found) return;
  const [whole, hex, decimal, name] = found;
  const end = at + whole.length;
  const digits = hex ?? decimal;
  if (digits === undefined) {
    take(named[name as keyof typeof named], end);
    return;
  }
  const [base, least] = [hex ? 16 : 10, whole.endsWith(';') ? digits.length : 2];
  for (let length = digits.length; length >= least; length -= 1) {
    take(Number.parseInt(digits.slice(0, length), base), end - digits.length + length);
  }
}

/** White space, control characters, marks and fillers that nobody sees, and the halves of those beyond U+FFFF. */
const unseen = /[\s\p{Cc}\p{M}\p{DI}\udc00-\udc7f\udd00-\uddef\udb40]/u;
/** Escape, for a pattern. */
export const esc = '\\x1b';
/** A sequence that colours a terminal or links in it, or the beginning of any other. */
const terminal = new RegExp(
  `(${esc}|\\\\{1,4}(?:u00|x)1[bB])(?:\\[[0-?]{0,99}[ -/]{0,9}[@-~]|\\][^\\x07${esc}]{0,99}(?:\\x07|${esc}\\\\))?`,
  'y',
);

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
