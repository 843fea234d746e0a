import { describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors/image-error.ts';
import { parseRequest, type RequestOptions } from '../../src/request/options.ts';

const prompt = 'a very secret lighthouse in fog';
const given = (more: object): RequestOptions => ({ prompt, ...more }) as RequestOptions;

function refusal(options: unknown): ImageError {
  try {
    parseRequest(options as RequestOptions);
  } catch (error) {
    if (ImageError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what is wrong is refused before anything is spent', () => {
  test.each<[string, object, RegExp]>([
    ['prompt', { prompt: undefined }, /text/],
    ['prompt', { prompt: 5 }, /text/],
    ['prompt', { prompt: ' ' }, /empty/],
    ['prompt', { prompt: ' \n ' }, /empty/],
    ['size', { size: 'big' }, /"W\*H"/],
    ['size', { size: 1024 }, /1024\*1024/],
    ['size', { size: '0x0' }, /"W\*H"/],
    ['aspectRatio', { aspectRatio: '16/9' }, /"W:H"/],
    ['aspectRatio', { aspectRatio: '0:1' }, /"W:H"/],
    ['aspectRatio', { aspectRatio: '1.5:1' }, /"W:H"/],
    ['aspectRatio', { aspectRatio: 1.5 }, /must/],
    ['resolution', { resolution: '16K' }, /1K, 1\.5K, 2K, 3K, 4K/],
    ['resolution', { resolution: 2 }, /must/],
    ['seed', { seed: -1 }, /0 to 2147483647/],
    ['seed', { seed: 1.5 }, /0 to 2147483647/],
    ['seed', { seed: Number.NaN }, /0 to 2147483647/],
    ['seed', { seed: 2_147_483_648 }, /0 to 2147483647/],
    ['seed', { seed: '7' }, /0 to 2147483647/],
    ['images.0', { images: ['ftp://x/a.png'] }, /https URL/],
    ['images.0', { images: ['data:image/png,raw'] }, /base64/],
    ['images.0', { images: ['data:text/html;base64,AAAA'] }, /data:image/],
    ['images.0', { images: ['/etc/passwd'] }, /https URL/],
    ['images.0', { images: [new Uint8Array()] }, /bytes/],
    ['images.0', { images: [null] }, /https URL/],
    ['images.0', { images: [new URL('file:///etc/passwd')] }, /https URL/],
    ['images.1', { images: ['https://x/a.png', 'javascript:alert(1)'] }, /https URL/],
    ['images', { images: 'https://x/a.png' }, /must/],
    ['promptExpansion', { promptExpansion: 'yes' }, /true or false/],
    ['sync', { sync: 1 }, /true or false/],
    ['responseFormat', { responseFormat: 'b64' }, /'url' or 'base64'/],
    ['outputFormat', { outputFormat: 'gif' }, /png, jpeg, webp/],
    ['fit', { fit: 'cover' }, /'exact' or 'nearest'/],
    ['providerOptions.wavespeed', { providerOptions: { wavespeed: 5 } }, /JSON/],
    ['providerOptions.wavespeed', { providerOptions: { wavespeed: { a: () => 1 } } }, /JSON/],
    ['providerOptions.wavespeed', { providerOptions: { wavespeed: { a: Number.NaN } } }, /JSON/],
    ['providerOptions.wavespeed', { providerOptions: { wavespeed: [] } }, /JSON/],
    ['providerOptions', { providerOptions: 'x' }, /must/],
    ['webhookUrl', { webhookUrl: 'http://example.com/hook' }, /https URL/],
    ['webhookUrl', { webhookUrl: 'http://localhost.evil.com/hook' }, /https URL/],
    ['webhookUrl', { webhookUrl: 7 }, /must/],
    ['guidance', { guidance: 5 }, /not an option/],
    ['aspect_ratio', { aspect_ratio: '1:1' }, /not an option/],
  ])('`%s` of %j', (path, options, words) => {
    const error = refusal(given(options));
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no', stage: 'prepare' });
    expect(error.message).toContain(`\`${path}\``);
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain(prompt);
  });

  test.each([{ aspectRatio: '1:1' }, { resolution: '2K' }, { aspectRatio: '1:1', resolution: '2K' }])(
    '`size` together with %j',
    (more) => {
      const { code, message } = refusal(given({ size: '1024*1024', ...more }));
      expect(code).toBe('invalid_request');
      expect(message).toContain('`size` excludes');
    },
  );

  test.each([undefined, null, 'a lighthouse', 7])('%j in place of the options is a typed error', (options) => {
    expect(refusal(options)).toMatchObject({ code: 'invalid_request' });
  });
});

describe('what is right', () => {
  test('comes out in one form, with the defaults and nothing else', () => {
    expect(parseRequest({ prompt })).toEqual({ prompt, images: [], fit: 'exact', providerOptions: {} });
  });

  test('`undefined` means: not given', () => {
    const options = { size: undefined, seed: undefined, images: undefined, fit: undefined, webhookUrl: undefined };
    expect(parseRequest({ prompt, ...options })).toEqual(parseRequest({ prompt }));
  });

  test('a size becomes numbers, a resolution upper case', () => {
    expect(parseRequest(given({ size: '1024x768' })).size).toEqual({ width: 1024, height: 768 });
    expect(parseRequest(given({ resolution: '1.5k' })).resolution).toBe('1.5K');
  });

  test('false and 0 are values', () => {
    expect(parseRequest({ prompt, seed: 0, promptExpansion: false, sync: false })).toMatchObject({
      seed: 0,
      promptExpansion: false,
      sync: false,
    });
  });

  test('reference pictures become text: bytes as a data URL of their own type', () => {
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
    const images = [new URL('https://x/a b.png'), 'http://x/b.png', 'data:image/webp;base64,AAAA', png];
    expect(parseRequest({ prompt, images }).images).toEqual([
      'https://x/a%20b.png',
      'http://x/b.png',
      'data:image/webp;base64,AAAA',
      'data:image/png;base64,iVBORw0KGgo=',
    ]);
  });

  test('a large picture does not overflow the stack', () => {
    const bytes = new Uint8Array(3_000_001).fill(7);
    bytes.set([0xff, 0xd8, 0xff]);
    const [url = ''] = parseRequest({ prompt, images: [bytes] }).images;
    expect(Buffer.from(url.split(',')[1] ?? '', 'base64').equals(bytes)).toBe(true);
  });

  test.each(['https://x/hook', 'http://localhost:80/h', 'http://127.0.0.1/h', 'http://[::1]:8/h'])(
    'a webhook at %s',
    (webhookUrl) => expect(parseRequest({ prompt, webhookUrl }).webhookUrl).toBe(webhookUrl),
  );

  test('the options of the caller are not changed', () => {
    const options = Object.freeze({
      prompt,
      images: Object.freeze(['https://x/a.png']),
      providerOptions: Object.freeze({}),
    });
    expect(() => parseRequest(options)).not.toThrow();
  });
});
