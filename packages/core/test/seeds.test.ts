import { createApiframe } from '@imageport/apiframe';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GenerateImageOptions, generateImage } from '../src/index.ts';

// The pages that the project came from, by the same call on both hosts, over real HTTP.
const emulator = createEmulator({ generationTime: { fixed: 30 } });
beforeAll(() => emulator.listen());
afterAll(() => emulator.close());

type Asked = Omit<GenerateImageOptions, 'model'>;
const photo = 'https://example.com/portrait.jpg';

const requests: [string, Asked, [number, number]][] = [
  ['seedream-3.1', { prompt: 'a detective in a rain-soaked alley', size: '1024x1024' }, [1024, 1024]],
  ['dreamina-3.1', { prompt: 'a painter in a sunlit studio', size: '1328*1328', promptExpansion: true }, [1328, 1328]],
  ['dreamina-3.1', { prompt: 'a painter in a sunlit studio', aspectRatio: '3:2', seed: 7 }, [0, 0]],
  ['seedream-4', { prompt: 'a blueprint of a glass house', size: '2048*1024' }, [2048, 1024]],
  ['seedream-4', { prompt: 'a golden retriever instead', images: [photo], size: '1024*1024' }, [1024, 1024]],
  ['seedream-5-lite', { prompt: 'a portrait on film', size: '2048*2048' }, [2048, 2048]],
  ['seedream-5-lite', { prompt: 'teal shadows', images: [photo], size: '2048*2048' }, [2048, 2048]],
];

describe.each(requests)('%s', (modelId, request, [width, height]) => {
  test.each(['wavespeed', 'apiframe'] as const)('generates on %s, in the pixels that were asked for', async (host) => {
    const provider = host === 'wavespeed' ? createWavespeed(emulator.wavespeed) : createApiframe(emulator.apiframe);
    const { images, warnings } = await generateImage({ model: provider(modelId), ...request });
    const [image] = images;
    const bytes = await image?.bytes();
    expect(bytes?.byteLength).toBeGreaterThan(1000);
    expect(image?.mediaType).toMatch(/^image\/(png|jpeg|webp)$/);
    if (width) expect([image?.width, image?.height]).toEqual([width, height]);
    else expect((image?.width ?? 0) / (image?.height ?? 1)).toBeCloseTo(1.5, 1);
    const dropped = host === 'wavespeed' && /-3\.1$/.test(modelId);
    const expected = dropped ? /became|was last in the host's list on 2026-/ : /became/;
    expect(warnings.filter((warning) => !expected.test(warning))).toEqual([]);
    expect(warnings.some((warning) => warning.includes('was last in'))).toBe(dropped);
  });
});

test('base64 results behave as addresses do', async () => {
  const model = createWavespeed(emulator.wavespeed)('seedream-4');
  const request = { model, prompt: 'a lighthouse', size: '1024*1024', responseFormat: 'base64' } as const;
  const { images } = await generateImage(request);
  expect(images[0]?.url).toBeUndefined();
  expect((await images[0]?.bytes())?.byteLength).toBeGreaterThan(1000);
  expect(images[0]).toMatchObject({ width: 1024, height: 1024, mediaType: 'image/jpeg' });
});

test('reference pictures given as bytes reach both hosts, and pictures are fetched without a key', async () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  for (const provider of [createWavespeed(emulator.wavespeed), createApiframe(emulator.apiframe)]) {
    const { images } = await generateImage({ model: provider('seedream-4'), prompt: 'brighter', images: [png] });
    await images[0]?.bytes();
  }
  const outputs = emulator.requests().filter(({ kind }) => kind === 'output');
  expect(outputs.length).toBeGreaterThan(0);
  for (const { headers } of outputs)
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['authorization']));
  for (const { headers } of outputs) expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-api-key']));
});
