import { describe, expect, test } from 'vitest';
import { bodyOf, prepare, refusalOf } from './to-http.ts';

const picture = 'https://example.com/a.png';

describe('the v3 line', () => {
  test.each([
    ['dreamina-3.1', []],
    ['bytedance/dreamina-v3.0/text-to-image', []],
    ['bytedance/dreamina-v3.0/edit', [picture]],
    ['seedream-3', []],
    ['seedream-3.1', []],
    ['bytedance/seededit-v3', [picture]],
  ])('%s is sent with a warning that the list has dropped it', (model, images) => {
    const { warnings, gone } = prepare(model, { prompt: 'x', images });
    expect(gone).toEqual({ seen: '2026-03-13', by: '2026-06-12' });
    expect(warnings).toEqual([expect.stringMatching(/^wavespeed:bytedance\/.* on 2026-03-13 and not on 2026-06-12$/)]);
  });

  test('a model that is listed comes without a warning', () => {
    expect(prepare('seedream-4', { prompt: 'x' })).toMatchObject({ warnings: [] });
  });

  test.each([
    ['seedream-3', [], 20],
    ['bytedance/seededit-v3', [picture], 1],
  ])('%s takes guidance from 0 to its most', (model, images, most) => {
    const send = (guidance_scale: number) => ({ images, providerOptions: { wavespeed: { guidance_scale } } });
    for (const guidance_scale of [0, most])
      expect(bodyOf(model, send(guidance_scale))).toMatchObject({ guidance_scale });
    for (const beyond of [-0.1, most + 0.1]) {
      expect(refusalOf(model, send(beyond))).toMatchObject({ code: 'invalid_request', billed: 'no' });
    }
  });

  test('SeedEdit takes no sync flag', () => {
    const refused = refusalOf('bytedance/seededit-v3', {
      ...{ images: [picture], providerOptions: { wavespeed: { enable_sync_mode: true } } },
    });
    expect(refused).toMatchObject({ code: 'invalid_request' });
  });
});
