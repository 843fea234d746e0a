// Single strokes on a grid 4 wide: capitals reach from 0 to the baseline 6, small letters from 2, tails to 8.
// No machine needs a font for these.
const bowl = 'M4 4A2 2 0 1 1 0 4A2 2 0 1 1 4 4';

const glyphs: Readonly<Record<string, string>> = {
  a: `${bowl}M4 2V6`,
  b: `${bowl}M0 0V6`,
  c: 'M3.6 2.8A2 2 0 1 0 3.6 5.2',
  d: `${bowl}M4 0V6`,
  e: 'M0 4H4A2 2 0 1 0 3.4 5.4',
  f: 'M3.5 .3A1.6 1.6 0 0 0 1.5 1.8V6M0 2.2H3',
  g: `${bowl}M4 2V6.2A2 2 0 0 1 .4 7`,
  h: 'M0 0V6M0 4A2 2 0 0 1 4 4V6',
  i: 'M2 2V6M2 .1V.3',
  j: 'M2.5 2V6.5A1.5 1.5 0 0 1 .5 7.8M2.5 .1V.3',
  k: 'M0 0V6M3.6 2L0 4.6M1.4 3.7L3.8 6',
  l: 'M2 0V6',
  m: 'M-.2 2V6M-.2 3.2A1.2 1.2 0 0 1 2 3.4V6M2 3.4A1.2 1.2 0 0 1 4.2 3.4V6',
  n: 'M0 2V6M0 4A2 2 0 0 1 4 4V6',
  o: bowl,
  p: `${bowl}M0 2V8`,
  q: `${bowl}M4 2V8`,
  r: 'M.5 2V6M.5 4A2 2 0 0 1 3.6 2.4',
  s: 'M3.6 2.6Q2 1.6 .8 2.4Q-.2 3.5 2 4Q4.3 4.6 3.3 5.6Q2 6.5 .2 5.4',
  t: 'M1.5 .6V4.6A1.4 1.4 0 0 0 3.4 5.8M0 2.2H3.2',
  u: 'M0 2V4A2 2 0 0 0 4 4M4 2V6',
  v: 'M0 2L2 6L4 2',
  w: 'M-.2 2L.9 6L2 2.6L3.1 6L4.2 2',
  x: 'M0 2L4 6M4 2L0 6',
  y: 'M0 2L2.1 6M4 2L1.6 7.2L.6 8',
  z: 'M0 2H4L0 6H4',
  '0': 'M2 0Q4 0 4 3Q4 6 2 6Q0 6 0 3Q0 0 2 0',
  '1': 'M.6 1.2L2.2 0V6',
  '2': 'M.2 1.4A1.9 1.7 0 1 1 3.4 2.8L.1 6H4',
  '3': 'M.3 .9A1.7 1.5 0 1 1 2 2.9A1.8 1.6 0 1 1 .1 5',
  '4': 'M3 6V0L0 4.2H4',
  '5': 'M3.6 0H.7L.4 2.6A2 1.9 0 1 1 .2 5.2',
  '6': 'M3.2 .2Q.2 1.4 .1 4A1.95 2 0 1 0 4 4A1.95 1.9 0 0 0 .1 4',
  '7': 'M0 0H4L1.4 6',
  '8': 'M2 2.8A1.4 1.4 0 1 1 2 0A1.4 1.4 0 1 1 2 2.8A1.7 1.6 0 1 1 2 6A1.7 1.6 0 1 1 2 2.8',
  '9': 'M.8 5.8Q3.8 4.6 3.9 2A1.95 2 0 1 0 0 2A1.95 1.9 0 0 0 3.9 2',
  '.': 'M2 5.8V6',
  '-': 'M.6 3.8H3.4',
  '/': 'M4 -.4L0 6.6',
  ',': 'M2 5.6L1.4 7',
  "'": 'M2 0V1.4',
  '"': 'M1.3 0V1.4M2.7 0V1.4',
  '!': 'M2 0V4M2 5.8V6',
  '?': 'M.3 1.2A1.8 1.5 0 1 1 2 3V4M2 5.8V6',
  ':': 'M2 2.8V3M2 5.8V6',
  ';': 'M2 2.8V3M2 5.6L1.4 7',
  '(': 'M2.8 -.4Q.6 3 2.8 6.6',
  ')': 'M1.2 -.4Q3.4 3 1.2 6.6',
  '+': 'M.4 3.8H3.6M2 2.2V5.4',
  '=': 'M.4 3H3.6M.4 4.8H3.6',
  '&': 'M4 6L1 1.7A1.2 1.2 0 1 1 2.8 1.7Q2.4 2.5 1 3.3A1.6 1.5 0 1 0 3.8 4',
  '%': 'M3.8 0L.2 6M.8 .2V.8M3.2 5.2V5.8',
  _: 'M0 6.6H4',
};

/** Any sign that has no form here. */
const box = 'M.4 .8H3.6V6H.4Z';

const advance = 6;

const plain: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i' },
  ...{ '’': "'", '‘': "'", '“': '"', '”': '"', '„': '"', '–': '-', '—': '-', '…': '...' },
};

/** A text as it can be drawn: small letters without accents, one space between words, a box for what has no form. */
export const fold = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9\s]/gu, (sign) => plain[sign] ?? sign)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}\p{Cc}]/gu, (sign) => (/\s/.test(sign) ? ' ' : ''))
    .replace(/[^\s]/gu, (sign) => (sign in glyphs ? sign : '\u25a1'))
    .replace(/\s+/g, ' ')
    .trim();

export const lineWidth = (line: string): number => line.length * advance;

/** A line of text as strokes, starting at the origin. */
export function strokes(line: string): string {
  const placed = [...line.toLowerCase()].map((character, index) => {
    const path = character === '\u25a1' ? box : glyphs[character];
    return path === undefined ? '' : `<path transform="translate(${index * advance})" d="${path}"/>`;
  });
  return placed.join('');
}
