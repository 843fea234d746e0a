import { apiframeAdapter, createApiframe } from '@imageport/apiframe';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed, wavespeedAdapter } from '@imageport/wavespeed';
import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../src/catalogue/index.ts';
import { type Adapter, generateImage } from '../src/index.ts';

/** The ids under which a host has a model that its list still names. */
async function liveIds(adapter: Adapter): Promise<Set<string>> {
  const rows = (await loadCatalogue(adapter)).flatMap(({ models, task = 'generate' }) =>
    task === 'generate' ? models : [],
  );
  return new Set(rows.flatMap(({ ids, gone }) => (gone ? [] : ids)));
}

const there = await liveIds(apiframeAdapter);
const portable = [...(await liveIds(wavespeedAdapter))].filter((id) => there.has(id)).sort();

test('the ids of the models that both hosts have are all there', () => {
  expect(portable.length).toBeGreaterThanOrEqual(32);
});

const providers = { wavespeed: createWavespeed, apiframe: createApiframe };

// A model that only edits is asked to, at both hosts alike.
const onlyEdits = new Set(['ideogram-character']);
const images = ['https://example.com/a.png'];

describe.each(portable)('%s', (id) => {
  test.each(['wavespeed', 'apiframe'] as const)(
    'makes a picture at %s, by the same call as at the other',
    async (host) => {
      const emulator = createEmulator({ generationTime: { fixed: 1 } });
      const model = providers[host](emulator[host])(id);
      const request = { prompt: 'a pier', ...(onlyEdits.has(id) ? { images } : {}) };
      const { images: made, attempts, warnings } = await generateImage({ model, ...request });
      expect(attempts).toMatchObject([{ outcome: 'completed', billed: 'yes', submits: 1 }]);
      expect(warnings).toEqual([]);
      expect(emulator.charges()).toHaveLength(1);
      const [picture] = made;
      await picture?.bytes();
      expect(picture?.width).toBeGreaterThan(0);
      await emulator.close();
    },
  );
});
