import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { guardTransport } from '../../src/host/foreign.ts';
import { nothing, readAt } from '../../src/host/readings.ts';
import { redact } from '../../src/host/redact.ts';
import { createRedaction } from '../../src/host/redaction.ts';
import { Secret } from '../../src/host/secret.ts';
import { hideSignatures } from '../../src/host/signed-address.ts';
import { findSpellings, prepareSearch } from '../../src/host/spelling-search.ts';
import { spell } from '../../src/host/spellings.ts';
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

describe('a key of any length', () => {
  // As of a gateway with keys of its own: a JWT.
  const long = (length: number): string =>
    `eyJhbGciOiJSUzI1NiJ9.${randomBytes(length).toString('base64url')}`.slice(0, length);

  test.each([220, 500, 1_500, 2_000, 4_000, 16_384])('of %i characters is taken out of a page', (length) => {
    const secret = long(length);
    const { text, cutText } = createRedaction(secret);
    const page = (said: string): string => `<html><body>502 Bad Gateway: ${said}</body></html>`;
    expect(cutText(page('nothing'))).toBe(page('nothing'));
    expect(text(page(secret))).toBe(page('[redacted]'));
    expect(text(page([...secret].join('\r\n')))).toBe(page('[redacted]'));
    expect(text(page(Buffer.from(`:${secret}`).toString('hex')))).toMatch(/Gateway: 3a\[redacted:\d\]</);
    expect(cutText(`no: ${secret.slice(0, length - 9)}%2`)).toBe('no: [redacted]');
  });

  test.each([
    ['itself', (secret: string) => secret.slice(0, -1)],
    ['with escapes', (secret: string) => [...secret.slice(0, -1)].map((sign) => `%25${code(sign)}`).join('')],
    ['with escapes that may end earlier', (secret: string) => `&#${code(secret.charAt(0))}`.repeat(16_000)],
    ['with what cannot be seen', (secret: string) => [...secret.slice(0, -1)].join('\x1b[0m\\n ')],
  ])('is looked for once, although a text begins like it everywhere: %s', (_, spell) => {
    const secret = `${'a%2'.repeat(5_000)}X`;
    expect(countSteps(secret, spell(secret).slice(0, 60_000))).toBeLessThan(60_000 * 30);
  });
});

describe('a text that is made to hold up the process', () => {
  const secret = 'wsk-4f9aQ1zP0bKd82LmXy';
  const hostile = 'wsk-'.repeat(500_000);

  test('is read to a bound, however long it is', () => {
    const steps = [1, 4].map((times) => countSteps(secret, hostile.repeat(times), false));
    expect(steps[0]).toBeLessThan(2_000_000);
    expect((steps[1] ?? 0) - (steps[0] ?? 0)).toBeLessThan(hostile.length / 2);
  });

  test('says nothing of the secret behind that bound either, as it is spelled usually', () => {
    const spelled = [secret, encodeURIComponent(secret), btoa(secret)];
    const clean = createRedaction(secret).text(`${hostile} ${spelled.join(' ')} ${hostile} ${secret}`);
    for (const each of spelled) expect(clean).not.toContain(each.slice(0, -4));
    expect(clean.startsWith('wsk-wsk-')).toBe(true);
  });

  test('is no picture: a long one in base64 is given back as it is, and read to its end', () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, at) => (Math.imul(at + 1, 2_654_435_761) >>> 13) & 255);
    const picture = Buffer.from(bytes).toString('base64');
    const { text } = createRedaction(secret);
    expect(text(picture)).toBe(picture);
    const escaped = [...secret].map((sign) => `%${code(sign)}`).join('');
    expect(text(picture + escaped).endsWith('[redacted]')).toBe(true);
  });
});

const code = (sign: string): string => sign.charCodeAt(0).toString(16);

/** How many signs of the spellings of a secret are compared while a text is searched. */
function countSteps(secret: string, text: string, cut = true): number {
  let steps = 0;
  const counted = (signs: string): string =>
    Object.assign(Object(signs), {
      charCodeAt(at: number) {
        steps += 1;
        return signs.charCodeAt(at);
      },
    });
  const spellings = spell(secret).all.map((each) => ({ ...each, signs: counted(each.signs) }));
  findSpellings(text, prepareSearch(spellings), cut);
  return steps;
}

describe('when redaction itself fails', () => {
  const broken = (): never => {
    throw new SyntaxError(`Invalid regular expression: /${key}/`);
  };
  afterEach(() => vi.restoreAllMocks());

  test('nothing of the text and of the failure is shown', () => {
    vi.spyOn(globalThis, 'btoa').mockImplementation(broken);
    const { text, cutText, value } = createRedaction(key);
    expect(text(`before ${key} after`)).toBe('[redacted]');
    expect(cutText('no JSON')).toBe('[redacted]');
    expect(value({ id: 'a job', said: `before ${key} after` })).toEqual({ id: 'a job', said: '[redacted]' });
    expect(redact(`before ${key} after`, [key])).toBe('[redacted]');
  });

  test('nor of data or of an error that cannot be read', async () => {
    const data = Object.defineProperty({}, 'id', { enumerable: true, get: broken });
    expect(createRedaction(key).value(data)).toBe('[redacted]');
    const error = Object.defineProperty(new Error(), 'message', { get: broken });
    const account = { baseUrl: () => 'https://a.example', key: () => new Secret(key, 'acme') };
    const send = async () => ({ sent: 'maybe', bodyState: 'none', error }) as never;
    const shown = await guardTransport({ send, open: () => Promise.reject(error) }, account).send({} as never);
    expect(shown.error).toEqual(new Error('[redacted]'));
  });
});

/** In how many ways a text can be read as the signs of a secret, or as the first of them. */
function countReadings(secret: string, text: string): number {
  const ends = (from: number, wanted: number, between: boolean): number[] => {
    const found: number[] = [];
    if (from < text.length) readAt(text, from, between, (sign, end) => void (sign === wanted && found.push(end)));
    return found;
  };
  const behindGaps = (from: number): number[] => [from, ...ends(from, nothing, true).flatMap(behindGaps)];
  let ways = new Map([[0, 1]]);
  let all = 0;
  for (const [index, sign] of [...secret].entries()) {
    const next = new Map<number, number>();
    for (const [from, count] of ways) {
      for (const middle of index === 0 ? [from] : behindGaps(from)) {
        for (const end of ends(middle, sign.charCodeAt(0), true)) next.set(end, (next.get(end) ?? 0) + count);
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
