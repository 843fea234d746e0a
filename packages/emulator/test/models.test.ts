import { describe, expect, it } from 'vitest';
import type { Schema } from '../src/catalogue/document.ts';
import { apiframeDocument, wavespeedDocument } from '../src/catalogue/load.ts';
import { apiframe, dreamina, start, wavespeed } from './harness.ts';

const elsewhere = 'https://example.com/a.png';

/** The least that a field takes. */
function least(field: Schema): unknown {
  const { enum: [word] = [], anyOf: [choice] = [], type, format, items, properties } = field;
  if (word !== undefined) return word;
  if (choice) return least(choice);
  if (type === 'array') return [least(items ?? { type: 'string' })];
  if (type === 'object') return leastOf(properties ?? {}, field.required ?? []);
  if (type === 'boolean') return false;
  if (type !== 'string') return field.minimum ?? 1;
  return format === 'uuid' ? crypto.randomUUID() : elsewhere;
}

const leastOf = (properties: Readonly<Record<string, Schema>>, required: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(required.map((name) => [name, least(properties[name] ?? {})]));

const { models } = wavespeedDocument();

describe('every model of WaveSpeed', () => {
  it('takes what its fields ask for, charges for it, and says how many pictures come', async () => {
    const emulator = start({ goneModels: true });
    for (const { id, schema } of models) {
      const body = schema ? leastOf(schema.properties ?? {}, schema.required ?? []) : { prompt: 'a pond' };
      const answer = await wavespeed(emulator, id, body);
      expect([id, answer.status, answer.body.data?.model]).toEqual([id, 200, id]);
      expect(answer.body.data.outputs.length).toBeGreaterThan(0);
    }
    const charges = emulator.charges();
    expect(charges).toHaveLength(models.length);
    expect(charges.filter(({ amount }) => !(amount > 0 && amount < 30))).toEqual([]);
  });

  it('refuses to go without each required field', async () => {
    const emulator = start({ goneModels: true });
    let asked = 0;
    for (const { id, schema = {} } of models) {
      const { properties = {}, required = [] } = schema;
      for (const name of required) {
        const body = leastOf(
          properties,
          required.filter((each) => each !== name),
        );
        const answer = await wavespeed(emulator, id, body);
        expect([id, answer.status, answer.body.message]).toEqual([id, 400, `property "${name}" is missing`]);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(400);
    expect(emulator.charges()).toEqual([]);
  });

  it('refuses what is beyond each of its ranges and lists', async () => {
    const emulator = start({ goneModels: true });
    let asked = 0;
    for (const { id, schema = {} } of models) {
      const { properties = {}, required = [] } = schema;
      for (const [name, field] of Object.entries(properties)) {
        for (const wrong of beyond(field)) {
          const answer = await wavespeed(emulator, id, { ...leastOf(properties, required), [name]: wrong });
          expect([id, name, wrong, answer.status]).toEqual([id, name, wrong, 400]);
          asked += 1;
        }
      }
    }
    expect(asked).toBeGreaterThan(1500);
    expect(emulator.charges()).toEqual([]);
  });

  it('is unknown when the list has dropped it, unless the options bring it back', async () => {
    const gone = 'openai/dall-e-3';
    const emulator = start();
    expect((await wavespeed(emulator, gone, { prompt: 'a' })).status).toBe(404);
    expect((await wavespeed(emulator, 'model/price', { model_id: gone })).status).toBe(404);
    expect((await wavespeed(emulator, dreamina, { prompt: 'a' })).status).toBe(200);
    expect((await wavespeed(start({ goneModels: true }), gone, { prompt: 'a' })).status).toBe(200);
  });
});

describe('every model of Apiframe', () => {
  it('takes what its fields ask for, and refuses what is beyond each of them', async () => {
    const emulator = start();
    let asked = 0;
    for (const { id, action, params, schema } of apiframeDocument().models) {
      if (action === 'midjourney-action') continue;
      const { properties = {}, required = [] } = schema;
      const body: Record<string, unknown> = { ...leastOf(properties, required), ...(action === 'edit' ? inpaint : {}) };
      const send = (more: object) => apiframe(emulator, `images/${action}`, { ...body, ...more });
      expect([id, (await send({})).status]).toEqual([id, 202]);
      const fields = properties[params ?? '']?.properties ?? {};
      for (const [name, field] of Object.entries(fields)) {
        for (const wrong of beyond(field)) {
          const answer = await send({ [params ?? '']: { ...(body[params ?? ''] as object), [name]: wrong } });
          expect([id, wrong, answer.status]).toEqual([id, wrong, 400]);
          expect(answer.body.details).toHaveProperty([`${params}.${name}`]);
          asked += 1;
        }
      }
    }
    expect(asked).toBeGreaterThan(500);
    expect(emulator.charges()).toHaveLength(56);
  });
});

const inpaint = { fluxFillParams: { image: elsewhere, mask: elsewhere, prompt: 'a', mode: 'inpaint' } };

/** Values that a field must refuse: of another type, one beyond each bound, a word too many. */
function beyond(field: Schema): unknown[] {
  const { type, minimum, maximum, minItems, maxItems, maxLength, enum: words, items, pattern } = field;
  const many = (length: number) => Array.from({ length }, () => least(items ?? { type: 'string' }));
  return [
    ...(type === 'boolean' ? ['true'] : [true]),
    ...(typeof minimum === 'number' ? [minimum - 1] : []),
    ...(typeof maximum === 'number' ? [maximum + 1] : []),
    ...(typeof minItems === 'number' && minItems > 0 ? [[]] : []),
    ...(typeof maxItems === 'number' ? [many(maxItems + 1)] : []),
    ...(typeof maxLength === 'number' ? ['a'.repeat(maxLength + 1)] : []),
    ...(words && type === 'string' ? ['no such word'] : []),
    ...(pattern === undefined ? [] : ['wide']),
    ...(type === 'integer' ? [0.5] : []),
  ];
}
