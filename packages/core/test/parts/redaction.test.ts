import { describe, expect, test } from 'vitest';
import { createRedaction, redact } from '../../src/host/redaction.ts';
import { hideSignatures } from '../../src/host/signed-address.ts';
import { gap, plainSign } from '../../src/host/spellings.ts';
import { generateImage, pollImage } from '../../src/index.ts';
import { testAdapter, testProvider } from './redaction-kit.ts';

const key = 'wsk_live-7fQ+x/Zk~9Wv=0123456789abcdefXYZ';
const redaction = createRedaction(key);

describe('the key is taken out', () => {
  const base64 = Buffer.from(`user:${key}`).toString('base64');
  const escaped = (before: string, after = ''): string =>
    [...key].map((sign) => `${before}${sign.charCodeAt(0).toString(16)}${after}`).join('');
  test.each([
    ['as it is', key],
    ['in other letter cases', key.toUpperCase()],
    ['URL-encoded', encodeURIComponent(key)],
    ['in base64', base64],
    ['in broken lines of base64', base64.replace(/.{7}/g, '$&\r\n')],
    ['split by white space', [...key].join(' ')],
    ['escaped as in JavaScript', escaped('\\x')],
    ['escaped as in JSON', escaped('\\u00')],
    ['in HTML, by numbers', [...key].map((sign) => `&#${sign.charCodeAt(0)};`).join('')],
    ['in HTML, by hexadecimal numbers', escaped('&#x', ';').toUpperCase()],
    [
      'in HTML, where a template escaped it',
      key.replace('+', '&plus;').replace('/', '&amp;#x2F;').replace('=', '&#61;'),
    ],
    ['in base64 in HTML', base64.replaceAll('/', '&#x2F;').replaceAll('+', '&#43;')],
    ['split by variation selectors', [...key].join('\ufe0f')],
    ['split by variation selectors beyond U+FFFF', [...key].join('\u{e0100}')],
    ['split by joiners and fillers', [...key].join('\u034f\u3164')],
    ['split by colours of a terminal', [...key].join('\x1b[1;31m')],
    ['split by escaped colours of a terminal', [...key].join('\\u001b[0m')],
    ['split by links of a terminal', [...key].join('\x1b]8;;https://a.example\x07')],
    ['in data', key],
  ])('%s', (_, text) => {
    const shown = redaction.text(`before ${text} after`);
    expect(shown).toMatch(/^before [\w\s]{0,12}\[redacted(:\d+)?\][\w\s=]{0,8} after$/);
  });

  test.each(['\x1b[3', '&#4', '&amp', '\\x4', '%4'])('although a limit cut off an escape within it: %j', (rest) => {
    expect(redaction.cutText(`no: ${key.slice(0, 12)}${rest}`)).toBe('no: [redacted]');
  });

  test('of names and texts however deep, while the rest stays the same object', () => {
    const rest = { list: [1, 'two'] };
    const cleaned = redaction.value({ [key]: [{ said: `no ${key}` }], rest }) as { rest: unknown };
    expect(cleaned).toEqual({ '[redacted]': [{ said: 'no [redacted]' }], rest });
    expect(cleaned.rest).toBe(rest);
  });

  test('where a limit cut it off, from eight characters on', () => {
    for (let length = 8; length < key.length; length += 1) {
      expect(redaction.cutText(`no: ${key.slice(0, length)}`)).toBe('no: [redacted]');
    }
    expect(redaction.cutText('no: wsk_liv')).toBe('no: wsk_liv');
  });

  test('of a file that is sent as text, without reading it for long', () => {
    const file = 'QUJD'.repeat(4_000_000);
    const begun = performance.now();
    expect(redaction.text(file)).toBe(file);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(redaction.text(`${file}${key}`).endsWith('[redacted]')).toBe(true);
  });

  test('in a time that grows with the text, whatever the host sends', () => {
    const hostile = 'w \\n \\n'.repeat(9_000);
    const begun = performance.now();
    expect(redaction.cutText(hostile)).toBe(hostile);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

/** In how many ways a text can be read as the signs of a secret, or as the first of them. */
function countReadings(secret: string, text: string): number {
  const ends = (pattern: string, from: number): number[] =>
    Array.from({ length: text.length - from + 1 }, (_, length) => from + length).filter((end) =>
      new RegExp(`^(?:${pattern})$`, 'i').test(text.slice(from, end)),
    );
  let ways = new Map([[0, 1]]);
  let all = 0;
  for (const [index, sign] of [...secret].entries()) {
    const next = new Map<number, number>();
    for (const [from, count] of ways) {
      for (const middle of index === 0 ? [from] : ends(gap, from)) {
        for (const end of ends(plainSign(sign), middle)) next.set(end, (next.get(end) ?? 0) + count);
      }
    }
    ways = next;
    all += [...ways.values()].reduce((sum, count) => sum + count, 0);
  }
  return all;
}

test.each([
  ['escapes that name letters of the key', 'ntrntrntrntr', (sign: string) => `\\${sign}`.repeat(4)],
  ['several backslashes', 'nnnnnnnnnnnn', (sign: string) => `\\\\\\${sign}`],
  ['white space and escapes', 'ntrwntrwntrw', (sign: string) => ` \\n \\t ${sign}`],
  ['escapes by numbers', 'ux0ux0ux0ux0', (sign: string) => `\\x${sign.charCodeAt(0).toString(16)}`],
  ['numbers that begin alike', '7x7u7x7u7x7u', (sign: string) => `&#${sign.charCodeAt(0)};`],
  ['colours of a terminal', 'm0m0m0m0m0m0', (sign: string) => `\x1b[0m${sign}`],
  ['other sequences of a terminal', 'm8m8m8m8m8m8', (sign: string) => `\x1b\x1b ${sign}`],
  ['signs that are escaped', '////++++====', (sign: string) => `\\\\${sign}`],
])('no text can be read in many ways, so its search does not grow with their combinations: %s', (_, secret, spell) => {
  const text = [...secret].map(spell).join('');
  expect(countReadings(secret, text)).toBeLessThanOrEqual(4 * secret.length);
});

test.each([key, encodeURIComponent(key), key.toLowerCase(), Buffer.from(key).toString('base64url')])(
  'a name that contains it can be given back to its own host: %s',
  (spelled) => {
    const name = redaction.text(`job-${spelled}-1`);
    expect(redaction.restore(name)).toBe(`job-${spelled}-1`);
    expect(redaction.restore(encodeURIComponent(name))).toBe(encodeURIComponent(`job-${spelled}-1`));
  },
);

test('a short key is taken out of words, and does not change data', () => {
  const short = createRedaction('image');
  expect(short.text('no key image')).toBe('no key [redacted]');
  expect(short.value({ url: '/image.png' })).toEqual({ url: '/image.png' });
});

test('a job is polled by its whole name in a later process, and a prompt is sent as it was written', async () => {
  const { provider, requests } = testProvider(key);
  const job = { provider: testAdapter, modelId: 'm/x', id: 'job-[redacted]' };
  await pollImage(provider('m/x'), job, { timeout: 500 }).catch(() => undefined);
  expect(requests.at(-1)?.url).toContain(encodeURIComponent(`job-${key}`));
  const options = { model: provider('seedream-4'), prompt: 'a [redacted] page', timeout: 500 };
  await generateImage(options).catch(() => undefined);
  expect(requests.find(({ method }) => method === 'POST')?.body).toContain('a [redacted] page');
});

test.each([
  ['https://a.example/x.png?X-Amz-Date=1&X-Amz-Signature=ab', 'https://a.example/x.png?[signed]'],
  ['see https://a.example/x?Expires=1&Signature=ab&Key-Pair-Id=c, please', 'see https://a.example/x?[signed] please'],
  ['"https://a.example/x?sv=1&sig=ab"', '"https://a.example/x?[signed]"'],
  ['/x?token=ab', '/x?[signed]'],
  ['https://a.example/x#access_token=ab', 'https://a.example/x#[signed]'],
  ['https://a.example/x?h=0123456789abcdef0123456789abcdef', 'https://a.example/x?[signed]'],
  ['https://me:word@a.example/x', 'https://[redacted]@a.example/x'],
  ['https://a.example/x?width=3&v=2', 'https://a.example/x?width=3&v=2'],
  ['what? a@b.example #3', 'what? a@b.example #3'],
  ['https://a.example/x?a=`b&X-Amz-Signature=ab', 'https://a.example/x?[signed]'],
  ["https://a.example/x?a='b&Signature=ab", 'https://a.example/x?[signed]'],
  ['https://a.example/x?a="b&Signature="ab', 'https://a.example/x?[signed]'],
  ["https://a.example/x?a=',&Signature=ab", "https://a.example/x?a=',&[signed]"],
  [
    "see 'https://a.example/x?sig=ab', and `https://a.example/y?v=2`",
    "see 'https://a.example/x?[signed]', and `https://a.example/y?v=2`",
  ],
  [
    '{"a":"https://a.example/x?sig=ab","b":"https://a.example/?v=2"}',
    '{"a":"https://a.example/x?[signed]","b":"https://a.example/?v=2"}',
  ],
  ['https://a.example/x?%53ignature=ab', 'https://a.example/x?[signed]'],
  ['https://a.example/x?%2553ignature=ab', 'https://a.example/x?[signed]'],
  ['https://a.example/x;Signature=ab', 'https://a.example/x;[signed]'],
  ['https%3A%2F%2Fa.example%2Fx%3FSignature%3Dab', 'https%3A%2F%2Fa.example%2Fx%3F[signed]'],
  ['https://a.example/?v=%26Signature%3Dab', 'https://a.example/?[signed]'],
  ['https://a.example/x?v=100%&w=%zz', 'https://a.example/x?v=100%&w=%zz'],
  [
    'data:image/png;base64,iVBORw0KGgotoken+Auth/sig0123456789==',
    'data:image/png;base64,iVBORw0KGgotoken+Auth/sig0123456789==',
  ],
  ['text/plain;charset=utf-8; token = R&D', 'text/plain;charset=utf-8; token = R&D'],
])('who reads %s cannot open it', (text, shown) => expect(hideSignatures(text)).toBe(shown));

test('a text of anybody can be made fit for a log', () => {
  expect(redact(`${key} at https://a.example/?sig=1`, [key])).toBe('[redacted] at https://a.example/?[signed]');
});
