import { describe, expect, test } from 'vitest';
import { newest } from './catalogue/recorded.ts';
import { type Entry, entryOf, open } from './live-account.ts';

const flux = 'wavespeed-ai/flux-dev';

describe('an entry of the list', () => {
  test.each<[string, (entry: Entry) => void, string]>([
    ['without a schema', (entry) => void delete entry.api_schema, 'has no schema of it'],
    [
      'whose schema cannot be read',
      (entry) => void Object.assign(entry, { api_schema: { api_schemas: ['none'] } }),
      'has no schema of it',
    ],
    ['without a category', (entry) => void Object.assign(entry, { type: 7 }), 'reads as no image model'],
    ['of another kind', (entry) => void Object.assign(entry, { type: 'text-to-video' }), 'reads as no image model'],
  ])('%s leaves the table, and a warning says so', async (_, spoil, words) => {
    const { check } = open((list) => {
      spoil(entryOf(list, flux));
      spoil(entryOf(list, 'bytedance/seedream-v4'));
      return list;
    });
    for (const id of [flux, 'seedream-4']) {
      const { verdict, warnings } = await check(id);
      expect(verdict).toBe('supported');
      expect(warnings).toEqual([expect.stringContaining(words)]);
      expect(warnings[0]).toContain(`so it was checked against the tables of ${newest}`);
    }
  });

  test('of a newer model that changes pictures needs one, whatever its schema says', async () => {
    const { check } = open((list) => [
      ...list,
      { ...entryOf(list, 'kwaivgi/kling-image-o1'), model_id: 'acme/change' },
    ]);
    expect(await check('acme/change')).toMatchObject({ verdict: 'refused', error: { code: 'unsupported' } });
    expect(await check('acme/change', { images: ['https://example.com/a.png'] })).toMatchObject({
      verdict: 'supported',
    });
  });
});

test('an id that only the list may know is refused with why the list could not be read', async () => {
  const { check } = open(() => new Response('', { status: 500 }));
  const { error } = await check('acme/newest');
  expect(error).toMatchObject({ code: 'not_found', billed: 'no' });
  expect(error?.message).toContain('the list of models could not be read (HTTP 500)');
});
