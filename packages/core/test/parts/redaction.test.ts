import { describe, expect, test } from 'vitest';
import { createRedaction, redact } from '../../src/host/redaction.ts';
import { hideSignatures } from '../../src/host/signed-address.ts';
import { generateImage, pollImage } from '../../src/index.ts';
import { testAdapter, testProvider } from './redaction-kit.ts';

const key = 'wsk_live-7fQ+x/Zk~9Wv=0123456789abcdefXYZ';
const redaction = createRedaction(key);

describe('the key is taken out', () => {
  const base64 = Buffer.from(`user:${key}`).toString('base64');
  test.each([
    ['as it is', key],
    ['in other letter cases', key.toUpperCase()],
    ['URL-encoded', encodeURIComponent(key)],
    ['in base64', base64],
    ['in broken lines of base64', base64.replace(/.{7}/g, '$&\r\n')],
    ['split by white space', [...key].join(' ')],
    ['in data', key],
  ])('%s', (_, text) => {
    const shown = redaction.text(`before ${text} after`);
    expect(shown).toMatch(/^before [\w\s]{0,12}\[redacted(:\d+)?\][\w\s=]{0,8} after$/);
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
  await generateImage({ model: provider('m/x'), prompt: 'a [redacted] page', timeout: 500 }).catch(() => undefined);
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
])('who reads %s cannot open it', (text, shown) => expect(hideSignatures(text)).toBe(shown));

test('a text of anybody can be made fit for a log', () => {
  expect(redact(`${key} at https://a.example/?sig=1`, [key])).toBe('[redacted] at https://a.example/?[signed]');
});
