import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkImage, generateImage } from '@imageport/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWavespeed } from '../src/index.ts';
import { catalogueFile } from '../src/node/index.ts';
import { newest } from './catalogue/recorded.ts';
import { dropField, type Entry, fieldOf, open, withNewest } from './live-account.ts';

const hour = 3_600_000;
const prompt = 'a lighthouse';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-12-01T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the live catalogue', () => {
  test('makes a picture, and asks for the list once an hour with the key of the account', async () => {
    const { emulator, wavespeed, asked } = open();
    for (let count = 0; count < 2; count += 1) await generateImage({ model: wavespeed('nano-banana'), prompt });
    expect(emulator.jobs().map(({ model }) => model)).toEqual(Array(2).fill('google/nano-banana/text-to-image'));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers.get('authorization')).toBe(`Bearer ${emulator.wavespeed.apiKey}`);
    vi.advanceTimersByTime(hour);
    await checkImage({ model: wavespeed('nano-banana'), prompt });
    expect(asked).toHaveLength(2);
  });

  test('is asked for once by calls that come together', async () => {
    const { asked, check } = open();
    await Promise.all(['seedream-4', 'flux-2-pro', 'nano-banana'].map((id) => check(id)));
    expect(asked).toHaveLength(1);
  });

  test('knows an id that is newer than the tables, with its fields and its price', async () => {
    const { check } = open(withNewest);
    const options = { size: '640*512', providerOptions: { wavespeed: { num_images: 3 } } };
    const found = await check('acme/newest', options);
    expect(found).toMatchObject({ verdict: 'supported', price: { amount: 0.21, asOf: '2026-12-01' }, warnings: [] });
    expect(found.request?.body).toEqual({ prompt, size: '640*512', num_images: 3 });
    const wrong = await check('acme/newest', { providerOptions: { wavespeed: { num_imags: 3 } } });
    expect(String(wrong.error)).toContain('did you mean num_images?');
    expect(await check('acme/other')).toMatchObject({ verdict: 'refused', error: { code: 'not_found' } });
  });

  test('goes by the fields of today, beyond those of the tables', async () => {
    const { check } = open((list) => {
      const id = 'google/nano-banana-pro/text-to-image';
      fieldOf(list, id, 'resolution').enum = ['2k', '4k', '8k'];
      dropField(list, id, 'output_format');
      return list;
    });
    expect(await check('nano-banana-pro', { resolution: '8K' })).toMatchObject({ verdict: 'supported' });
    expect(await check('nano-banana-pro', { resolution: '1K' })).toMatchObject({ verdict: 'refused' });
    expect(await check('nano-banana-pro', { outputFormat: 'png' })).toMatchObject({ verdict: 'refused' });
  });

  test('is narrower than the tables that are written by hand, where it is', async () => {
    const { check } = open((list) => {
      fieldOf(list, 'bytedance/seedream-v4', 'size').maximum = 4096;
      dropField(list, 'bytedance/seedream-v4.5', 'enable_base64_output');
      return list;
    });
    expect(await check('seedream-4', { size: '4096*4096' })).toMatchObject({ verdict: 'supported' });
    expect(String((await check('seedream-4', { size: '4097*4096' })).error)).toContain("by the host's list");
    const base64 = await check('seedream-4.5', { responseFormat: 'base64' });
    expect(String(base64.error)).toContain("`enable_base64_output` is no longer in the host's list");
  });

  test('keeps what the list does not say: portable ids, masks, limits in words', async () => {
    const { check } = open();
    const images = ['https://example.com/a.png'];
    const mask = 'https://example.com/mask.png';
    const flux = { images, mask };
    expect((await check('wavespeed-ai/flux-dev', flux)).request?.body).toMatchObject({
      image: images[0],
      mask_image: mask,
    });
    expect((await check('flux-2-pro', { images })).request?.path).toBe('/api/v3/wavespeed-ai/flux-2-pro/edit');
    expect((await check('ideogram-v2', { images })).verdict).toBe('refused');
    expect((await check('wan-image-2.7', { size: '512*512' })).verdict).toBe('refused');
  });

  test('has the prices of today', async () => {
    const { check } = open((list) =>
      list.map((model) =>
        /nano-banana|real-esrgan|seedream-v4$/.test(model.model_id) ? { ...model, base_price: 0.5 } : model,
      ),
    );
    expect((await check('seedream-4')).price).toMatchObject({ amount: 0.5, asOf: '2026-12-01' });
    expect((await check('nano-banana')).price).toMatchObject({ amount: 0.5, asOf: '2026-12-01' });
    // Its formula is more than a count.
    expect((await check('nano-banana-2')).price).toEqual({ source: 'unknown' });
    expect((await check('flux-2-pro')).price).toMatchObject({ asOf: newest });
  });

  test.each([
    ['google/nano-banana-pro/edit-multi', 0.14],
    ['openai/gpt-image-1.5/edit', 0.12],
  ])('%s costs by itself what the tables say, which is not its base price', async (id, amount) => {
    const { check } = open((list) => list);
    const { price } = await check(id, { images: ['https://example.com/a.png'] });
    expect(price).toMatchObject({ amount, asOf: newest });
  });

  test.each([
    ['google/nano-banana-pro/edit-multi', 1],
    ['acme/pair', 0.42],
  ])('counts what %s does by itself at a price that is new, too', async (id, amount) => {
    const { check } = open((list) => {
      const pair = list.find(({ model_id }) => model_id === 'google/nano-banana-pro/edit-multi') as Entry;
      const others = list.filter((model) => model !== pair);
      return [...others, { ...pair, base_price: 0.5 }, { ...pair, model_id: 'acme/pair', base_price: 0.21 }];
    });
    const found = await check(id, { images: ['https://example.com/a.png'] });
    expect(found.price).toMatchObject({ amount, asOf: '2026-12-01' });
  });

  test('does not call gone what has never been in a list', async () => {
    const { check } = open((list) => list);
    expect(await check('bytedance/seedream-v5.5')).toMatchObject({ verdict: 'supported', warnings: [] });
  });

  test('says what it no longer names', async () => {
    const { check } = open((list) => list.filter(({ model_id }) => model_id !== 'wavespeed-ai/flux-dev'));
    const { warnings } = await check('wavespeed-ai/flux-dev');
    expect(warnings).toEqual([
      `wavespeed:wavespeed-ai/flux-dev was last in the host's list on ${newest} and not on 2026-12-01`,
    ]);
  });

  test('without a schema nothing is submitted, unless it is asked for unchecked', async () => {
    const { check } = open((list) => [...list, { model_id: 'acme/closed', type: 'text-to-image', base_price: 1 }]);
    for (const id of ['acme/closed', 'wavespeed-ai/qwen-image-2.1/edit']) {
      expect(await check(id)).toMatchObject({ verdict: 'refused', error: { code: 'not_found', billed: 'no' } });
      expect(await check(id, { unchecked: true })).toMatchObject({ verdict: 'supported' });
    }
  });
});

describe('a list that cannot be read', () => {
  const failing = (...answers: (Entry[] | Response | undefined)[]) => open((list) => answers.shift() ?? list);

  test.each([
    ['a refusal', new Response('no', { status: 403 }), 'HTTP 403'],
    ['a redirect', new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }), 'HTTP 302'],
    ['a page', new Response('<html>'), 'an answer that is no JSON'],
    ['a list that was cut', [], 'a list that was cut, or is none'],
  ])('%s leaves the tables, and the warnings say so', async (_, answer, problem) => {
    const { check, asked } = failing(answer);
    const { verdict, warnings } = await check('nano-banana');
    expect(verdict).toBe('supported');
    expect(warnings).toEqual([
      `wavespeed: the list of models could not be read (${problem}), so it was checked against the tables of ${newest}`,
    ]);
    await check('nano-banana');
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(60_000);
    expect((await check('nano-banana')).warnings).toEqual([]);
  });

  test('leaves the last one that was read', async () => {
    let calls = 0;
    const { check } = open((list) => {
      calls += 1;
      return calls === 1 ? withNewest(list) : new Response('', { status: 500 });
    });
    expect((await check('acme/newest')).verdict).not.toBe('refused');
    vi.advanceTimersByTime(hour);
    const later = await check('acme/newest');
    expect(later.warnings.join()).toContain('(HTTP 500), so it was checked against the list of 2026-12-01');
  });

  test('says nothing of the key', async () => {
    const { check, emulator } = open(() => {
      throw new TypeError(`fetch failed with ${emulator.wavespeed.apiKey}`);
    });
    const { warnings } = await check('nano-banana');
    expect(warnings.join()).toContain('(no answer)');
    expect(warnings.join()).not.toContain(emulator.wavespeed.apiKey);
  });

  test('that has not changed is not sent again', async () => {
    let calls = 0;
    const { check, asked } = open((list) => {
      calls += 1;
      if (calls > 1) return new Response(null, { status: 304 });
      return Response.json({ code: 200, data: list }, { headers: { etag: '"one"' } });
    });
    await check('nano-banana');
    vi.advanceTimersByTime(hour);
    expect((await check('nano-banana')).warnings).toEqual([]);
    expect(asked.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, '"one"']);
    vi.advanceTimersByTime(hour - 1);
    await check('nano-banana');
    expect(asked).toHaveLength(2);
  });

  test('is a mistake where it is no live catalogue', () => {
    expect(() => createWavespeed({ catalogue: {} as never })).toThrow('must come from liveCatalogue()');
  });
});

describe('the file of the live catalogue', () => {
  const folder = mkdtempSync(join(tmpdir(), 'imageport-live-'));
  const path = join(folder, 'models.json');
  afterEach(() => rmSync(path, { force: true }));

  test('spares the next process the request, for an hour', async () => {
    const first = open(undefined, catalogueFile(path));
    await first.check('nano-banana');
    expect(readFileSync(path, 'utf8')).not.toContain(first.emulator.wavespeed.apiKey);
    const second = open(undefined, catalogueFile(path));
    await second.check('nano-banana');
    expect(second.asked).toHaveLength(0);
    vi.advanceTimersByTime(hour);
    const third = open(() => new Response('', { status: 503 }), catalogueFile(path));
    expect((await third.check('nano-banana')).warnings.join()).toContain('the list of 2026-12-01');
  });

  test('is passed over when it is broken, of another host, or cannot be written', async () => {
    for (const text of ['', '{}', JSON.stringify({ baseUrl: 'https://other.example', readAt: Date.now(), body: {} })]) {
      writeFileSync(path, text);
      const { check, asked } = open(undefined, catalogueFile(path));
      expect((await check('nano-banana')).warnings).toEqual([]);
      expect(asked).toHaveLength(1);
    }
    const { check } = open(undefined, catalogueFile(join(folder, 'no', 'such', 'folder.json')));
    expect((await check('nano-banana')).verdict).toBe('supported');
  });
});
