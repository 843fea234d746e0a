import { readFileSync } from 'node:fs';
import { createEmulator } from '@imageport/emulator';
import { describe, expect, test } from 'vitest';
import { generate } from '../../catalogue/generate.ts';
import { type Recorded, readRecorded } from '../../catalogue/recorded.ts';
import { toRecorded, writeRecorded } from '../../catalogue/to-recorded.ts';
import { newest } from './recorded.ts';

const before = readRecorded();
const date = '2099-12-01';

const entry = (model_id: string, more: object = {}) => ({
  ...{ model_id, name: model_id, description: 'draws', type: 'text-to-image', base_price: 0.05, sort_order: 1 },
  formula: '{"total_price": base_price * num_images}',
  api_schema: {
    api_schemas: [
      {
        ...{ type: 'model_run', method: 'POST', server: 'https://api.wavespeed.ai', api_path: `/api/v3/${model_id}` },
        request_schema: {
          type: 'object',
          properties: {
            prompt: { type: 'string', description: 'what to draw' },
            size: { type: 'string', default: '1024*1024', minimum: 256, maximum: 1536, description: 'width*height' },
            num_images: { type: 'integer', default: 1, minimum: 1, maximum: 4 },
            loras: {
              type: 'array',
              items: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
            },
          },
          required: ['prompt'],
        },
      },
    ],
  },
  ...more,
});

const listOf = (...data: unknown[]): unknown => ({ code: 200, message: 'success', data });
/** Everything that is live, as a list without schemas has it. */
const asListed = (from: Recorded): object[] =>
  from.models.filter(({ live }) => live).map(({ id, type }) => ({ model_id: id, type, base_price: 0.01 }));

const read = (...more: object[]): Recorded => toRecorded(listOf(...asListed(before), ...more), date, before);
const find = ({ models }: Recorded, id: string) => models.find((model) => model.id === id);

describe('a new copy of the list of the host', () => {
  test('brings models with their fields, price and formula', () => {
    expect(find(read(entry('acme/new')), 'acme/new')).toEqual({
      ...{ id: 'acme/new', type: 'text-to-image', live: true, schema: 'full', seen: [date], usd: { [date]: 0.05 } },
      ...{ priceFormula: '{"total_price": base_price * num_images}', priceFormulaFrom: date, inputsFrom: date },
      inputs: {
        loras: {
          type: 'array',
          items: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
        },
        num_images: { type: 'integer', default: 1, minimum: 1, maximum: 4 },
        prompt: { type: 'string', required: true },
        size: { type: 'string', default: '1024*1024', minimum: 256, maximum: 1536, form: 'W*H' },
      },
    });
  });

  test('changes a price and keeps what it does not say', () => {
    const id = 'google/nano-banana-pro/edit';
    const [was, is] = [find(before, id), find(read(), id)];
    expect(is).toEqual({ ...was, seen: [...(was?.seen ?? []), date], usd: { ...was?.usd, [date]: 0.01 } });
  });

  test('says by when a model went, once', () => {
    const id = 'google/nano-banana-pro/edit';
    const listed = asListed(before).filter((model) => !('model_id' in model) || model.model_id !== id);
    const once = toRecorded(listOf(...listed), date, before);
    expect(find(once, id)).toMatchObject({ live: false, lastSeen: newest, goneBy: date });
    const again = toRecorded(listOf(...listed), '2099-12-02', once);
    expect(find(again, id)).toEqual(find(once, id));
    const back = toRecorded(listOf(...asListed(before)), '2099-12-03', again);
    expect(find(back, id)).toMatchObject({ live: true });
    expect(find(back, id)).not.toHaveProperty('goneBy');
  });

  test('keeps bounds that stand in descriptions only', () => {
    const wan = { ...entry('alibaba/wan-2.7/text-to-image') };
    const listed = asListed(before).filter((model) => !('model_id' in model) || model.model_id !== wan.model_id);
    const { inputs } = find(toRecorded(listOf(...listed, wan), date, before), wan.model_id) ?? {};
    expect(inputs?.size).toMatchObject({ stated: { maxArea: 4_194_304, maxRatio: '8:1' }, form: 'W*H' });
  });

  test('knows films and what is not understood, and leaves them out', () => {
    const films = [entry('acme/t2v', { type: 'text-to-video' }), entry('acme/video-upscale', { type: 'upscaler' })];
    const { models } = read(...films, { model_id: 'a/../b', type: 'text-to-image' }, { type: 'text-to-image' });
    expect(models).toHaveLength(before.models.length);
  });

  test('that lacks a tenth of the models was cut', () => {
    expect(() => toRecorded(listOf(...asListed(before).slice(36)), date, before)).toThrow(/lacks \d+ of \d+ models/);
    expect(() => toRecorded({ code: 401, message: 'no key' }, date, before)).toThrow('no list of models');
  });

  test('is written one model a line, and read again', () => {
    const text = writeRecorded(before);
    expect(text).toBe(readFileSync(new URL('../../catalogue/recorded.json', import.meta.url), 'utf8'));
    expect(JSON.parse(text)).toEqual(before);
    expect(text.split('\n').filter((line) => line.startsWith('  {"'))).toHaveLength(before.models.length);
  });

  test('makes tables', () => {
    const files = generate(read(entry('acme/new')));
    expect(files['catalogue/models.ts']).toContain("['acme/new', 0.05, { price: ['*', 'base_price', 'num_images'] }]");
    expect(files['catalogue/models.ts']).toContain(`export const asOf = '${date}'`);
    expect(files['catalogue/ids.ts']).toContain("'acme/new'");
  });

  test('drops a formula that a list with fields no longer has, and keeps it where there are none', () => {
    const id = 'wavespeed-ai/flux-dev';
    const { formula: _, ...priceless } = entry(id);
    const others = asListed(before).filter((model) => !('model_id' in model) || model.model_id !== id);
    expect(find(toRecorded(listOf(...others, priceless), date, before), id)).not.toHaveProperty('priceFormula');
    expect(find(read(), id)).toHaveProperty('priceFormula');
  });

  test('that has a model twice records it once', () => {
    const { models } = read(entry('acme/new'), entry('acme/new', { base_price: 0.07 }));
    expect(models.filter(({ id }) => id === 'acme/new')).toMatchObject([{ usd: { [date]: 0.07 } }]);
  });

  test('as the emulator serves it is no new copy', async () => {
    const emulator = createEmulator();
    const { baseUrl, apiKey } = emulator.wavespeed;
    const headers = { Authorization: `Bearer ${apiKey}` };
    const answer = await emulator.fetch(`${baseUrl}/api/v3/models`, { headers });
    expect(toRecorded(await answer.json(), date, before)).toBe(before);
    await emulator.close();
  });
});
