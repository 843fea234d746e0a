import { fileURLToPath } from 'node:url';
import { createEmulator } from '@imageport/emulator';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { expect, test } from 'vitest';
import { newKey, toPost } from './kit.ts';

test('the Worker makes, keeps and shows a picture in the real runtime, with its R2', async () => {
  const emulator = createEmulator({ generationTime: { fixed: 20 } });
  await emulator.listen();
  const { apiKey, baseUrl } = emulator.apiframe;
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('workerd-entry.ts', import.meta.url))],
    ...{
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      target: 'es2023',
      mainFields: ['module', 'main'],
    },
  });
  const miniflare = new Miniflare({
    modules: true,
    script: bundle.outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-05-01',
    r2Buckets: ['PICTURES'],
    bindings: { APIFRAME_API_KEY: apiKey, APIFRAME_BASE_URL: baseUrl },
  });
  try {
    const key = newKey();
    const post = async () => {
      const { signal: _, ...request } = toPost({ prompt: 'a lighthouse in fog at dawn' }, { key });
      const response = await miniflare.dispatchFetch('https://example.com/images', request);
      expect(response.status).toBe(201);
      return response.json();
    };
    const [first, second] = await Promise.all([post(), post()]);
    expect(second).toEqual(first);
    const headers = { 'x-test-user': 'ann' };
    const picture = await miniflare.dispatchFetch(`https://example.com${Object(first).url}`, { headers });
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    expect(emulator.charges()).toHaveLength(1);
  } finally {
    await miniflare.dispose();
    await emulator.close();
  }
});
