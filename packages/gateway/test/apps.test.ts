import { readFileSync } from 'node:fs';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateImage } from 'ai';
import { expect, it } from 'vitest';
import { createWorld, imagesOf, prompt } from './world.ts';

interface Recorded {
  readonly app: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly json?: object;
  readonly form?: Record<string, string>;
  readonly pictures?: readonly string[];
}

const recorded = JSON.parse(
  readFileSync(new URL('fixtures/apps.json', import.meta.url), 'utf8'),
) as readonly Recorded[];

const picture = Buffer.from('89504e470d0a1a0a0000000d4948445200000008000000080802000000', 'hex');

/** The settings that the page of the gateway gives for apps. */
const settings = {
  aliases: { 'gpt-image-1': 'hero' },
  ignore: { '*': ['output_format', 'output_compression', 'input_fidelity'] },
  quality: { '*': { low: {}, medium: {}, high: { resolution: '4K' }, hd: { resolution: '4K' } } },
};

function bodyOf({ json, form, pictures = [] }: Recorded): { body: string | FormData; headers: Record<string, string> } {
  if (!form) return { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  const body = new FormData();
  for (const [name, value] of Object.entries(form)) body.append(name, value);
  for (const name of pictures) body.append(name, new Blob([picture], { type: 'application/octet-stream' }), 'upload');
  return { body, headers: {} };
}

it.each(recorded)('$app gets a picture that it can read', async (each) => {
  const world = createWorld(settings);
  const { body, headers } = bodyOf(each);
  const authorization = { authorization: 'Bearer of-the-app' };
  const response = await world.fetch(each.path, {
    ...{ method: 'POST', body, headers: { ...headers, ...each.headers, ...authorization } },
  });
  expect(response.status, await response.clone().text()).toBe(200);
  const { data, background } = await imagesOf(response);
  expect(data.every(({ b64_json }) => b64_json?.startsWith('/9j/') || b64_json?.startsWith('iVBOR'))).toBe(true);
  expect(background).toBe('opaque');
  expect(world.charges()).toBe(data.length);
});

it('`ai` with @ai-sdk/openai-compatible gets its pictures', async () => {
  const world = createWorld();
  const provider = createOpenAICompatible({
    ...{ name: 'gateway', baseURL: 'http://gateway.example/v1', apiKey: 'any' },
    fetch: (input, init) => world.gateway.fetch(new Request(input, init)),
  });
  const { images } = await generateImage({ model: provider.imageModel('hero'), prompt, n: 2, size: '1024x1024' });
  expect(images.map(({ mediaType }) => mediaType)).toEqual(['image/jpeg', 'image/jpeg']);
  const files = { images: [images[0]?.uint8Array ?? ''], text: 'the same in winter' };
  const edited = await generateImage({ model: provider.imageModel('banana'), prompt: files });
  expect(edited.images).toHaveLength(1);
  expect(world.charges()).toBe(3);
});
