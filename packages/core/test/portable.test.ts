import { apiframeAdapter } from '@imageport/apiframe';
import { wavespeedAdapter } from '@imageport/wavespeed';
import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../src/catalogue/index.ts';
import { type Adapter, generateImage } from '../src/index.ts';
import { createWorld, hosts, inVirtualTime } from './world.ts';

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

// A model that only edits is asked to, at both hosts alike.
const onlyEdits = new Set(['ideogram-character']);
const images = ['https://example.com/a.png'];

describe.each(portable)('%s', (id) => {
  test.each(hosts)('makes a picture at %s, by the same call as at the other', async (host) => {
    const world = createWorld();
    const request = { prompt: 'a pier', ...(onlyEdits.has(id) ? { images } : {}) };
    const made = await inVirtualTime(() =>
      generateImage({ model: world.model(host, id), ...request, timeout: 300_000 }),
    );
    expect(made.attempts).toMatchObject([{ outcome: 'completed', billed: 'yes', submits: 1 }]);
    expect(made.images.length).toBeGreaterThan(0);
    expect(made.warnings).toEqual([]);
    expect(world.emulator.charges()).toHaveLength(1);
  });
});
