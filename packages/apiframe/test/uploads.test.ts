import { checkImage, generateImage } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { afterAll, expect, test } from 'vitest';
import { createApiframe } from '../src/index.ts';

const emulator = createEmulator({ generationTime: { fixed: 0 } });
const apiframe = createApiframe(emulator.apiframe);
afterAll(() => emulator.close());

const data =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const prompt = 'a lighthouse';

test.each([
  ['ideogram-v3-turbo', 'ideogramParams', { image: data }],
  ['flux-1.1-pro', 'fluxParams', { input_images: [data, 'https://example.com/a.png', data] }],
])('a picture given as data in a native field of %s is uploaded first', async (id, params, fields) => {
  const { applied } = await generateImage({
    ...{ model: apiframe(id), prompt, interval: 1, providerOptions: { apiframe: fields } },
  });
  const sent = JSON.stringify(applied.request.body?.[params]);
  expect(sent).toMatch(/https?:\/\//);
  expect(sent).not.toContain('data:');
});

test('the same picture is uploaded once', async () => {
  const before = emulator.requests().filter(({ kind }) => kind === 'upload').length;
  const providerOptions = { apiframe: { input_images: [data, data] } };
  await generateImage({ model: apiframe('flux-1.1-pro'), prompt, interval: 1, providerOptions });
  expect(emulator.requests().filter(({ kind }) => kind === 'upload').length - before).toBe(1);
});

test.each(['data:text/plain,hello', 'data:image/png,raw'])('%s is no picture that can be uploaded', async (image) => {
  const providerOptions = { apiframe: { image } };
  const [check] = await checkImage({ model: apiframe('ideogram-v3-turbo'), prompt, providerOptions });
  expect(check).toMatchObject({ verdict: 'refused', error: { code: 'invalid_request', billed: 'no' } });
});
