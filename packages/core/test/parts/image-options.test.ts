import { apiframe } from '@imageport/apiframe';
import { wavespeed } from '@imageport/wavespeed';
import { expect, test } from 'vitest';
import { checkImage } from '../../src/check.ts';
import { ImageError } from '../../src/errors/image-error.ts';
import { imageOptions } from '../../src/image-options.ts';

const model = wavespeed('seedream-4');
const prompt = 'a pier';

function refusal(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    if (ImageError.is(error)) return error;
    throw error;
  }
}

const asRefusal = (error: unknown): unknown =>
  refusal(() => {
    throw error;
  });

test('options that are known at run time only come back as they are, under the types of a call', async () => {
  const config: Record<string, string> = JSON.parse('{"size":"1024x768"}');
  const options = imageOptions({ size: config.size, aspectRatio: undefined });
  expect(options).toEqual({ size: '1024x768', aspectRatio: undefined });
  const [check] = await checkImage({ model, prompt, ...options });
  expect(check).toMatchObject({ verdict: 'supported', request: { body: { size: '1024*768' } } });
});

test('a whole call can be taken like that', async () => {
  const options = imageOptions({ model: [model], prompt, resolution: '2k', timeout: 5_000 });
  expect((await checkImage(options))[0]?.request?.body).toMatchObject({ size: '2048*2048' });
});

test.each([
  [{ size: 'big' }, '`size` must be "W*H" or "WxH" in pixels'],
  [{ aspectRatio: '16x9' }, '`aspectRatio` must be "W:H"'],
  [{ resolution: '16K' }, '`resolution` must be one of 0.5K, 1K, 1.5K, 2K, 3K, 4K, 8K'],
  [{ outputFormat: 'gif' }, '`outputFormat` must be one of png, jpeg, webp'],
  [{ onAmbiguous: 'retry' }, "`onAmbiguous` must be 'reconcile' or 'proceed'"],
  [{ size: '1024*1024', aspectRatio: '1:1' }, '`size` excludes `aspectRatio`'],
  [{ timeout: -1 }, '`timeout` must be milliseconds above 0'],
  [{ prompt: ' ' }, '`prompt` must not be empty'],
  [{ model: [] }, '`model` must be a model'],
  [{ model: undefined }, '`model` must be a model'],
  [{ sise: '1024*1024' }, '`sise` is not an option of imageport'],
  [null, 'options must be an object'],
])('%j is refused where it is read, and the option is named', (options, words) => {
  const error = refusal(() => imageOptions(options as never));
  expect(error).toMatchObject({ code: 'invalid_request', billed: 'no', message: expect.stringContaining(words) });
});

test('an entry for a host that the program has no provider of is refused, because nothing would read it', async () => {
  const providerOptions = { wavespeeed: { enable_sync_mode: true } };
  const error = await checkImage(imageOptions({ model, prompt, providerOptions })).catch(asRefusal);
  expect(error).toMatchObject({ code: 'invalid_request', billed: 'no', stage: 'prepare' });
  expect(String(error)).toMatch(/`providerOptions\.wavespeeed` names no host .*\(it has .*\).* correct the name/);
  expect(String(error)).toMatch(/it has .*\bwavespeed\b/);
  expect(String(error)).toMatch(/it has .*\bapiframe\b/);
});

test('so is one beside a model of the route', async () => {
  const providerOptions = { wavespeeed: {} };
  const error = await checkImage({ model: { model, ...imageOptions({ providerOptions }) }, prompt }).catch(asRefusal);
  expect(error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('wavespeeed') });
});

test('an entry for another host of the program is left alone, because options are shared between routes', async () => {
  const providerOptions = { wavespeed: { enable_sync_mode: true }, apiframe: { enhance_prompt: true } };
  for (const each of [model, apiframe('seedream-4')]) {
    const [check] = await checkImage({ model: each, prompt, providerOptions });
    expect(check).toMatchObject({ verdict: 'supported', adaptations: [] });
  }
});

test('an entry that is undefined is none', async () => {
  const [check] = await checkImage({ model, prompt, providerOptions: { wavespeed: undefined } });
  expect(check?.request?.body).toEqual({ prompt });
});
