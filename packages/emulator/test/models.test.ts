import { describe, expect, it } from 'vitest';
import type { Pixels, Schema } from '../src/catalogue/document.ts';
import { apiframeDocument, wavespeedDocument } from '../src/catalogue/load.ts';
import { readInputs } from '../src/wavespeed/inputs.ts';
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

  it('draws its default for pixels beyond each of its bounds, and what it was asked for at them', () => {
    const sized = models.flatMap((model) => {
      const field = model.schema?.properties?.size;
      return field?.pixels ? [{ model, field, pixels: field.pixels }] : [];
    });
    expect(sized.length).toBeGreaterThan(130);
    for (const { model, field, pixels } of sized) {
      const rest = leastOf(model.schema?.properties ?? {}, model.schema?.required ?? []);
      const drawn = (size: string) => {
        const read = readInputs(model, { ...rest, size });
        return [model.id, size, 'inputs' in read ? read.inputs.size : read.problem];
      };
      for (const size of within(pixels)) expect(drawn(size)).toEqual([model.id, size, size]);
      for (const size of outside(pixels)) expect(drawn(size)).toEqual([model.id, size, field.default]);
    }
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
    const actions = apiframeDocument().models.filter(({ action }) => action === 'midjourney-action');
    expect(emulator.charges()).toHaveLength(apiframeDocument().models.length - actions.length);
  });
});

const inpaint = { fluxFillParams: { image: elsewhere, mask: elsewhere, prompt: 'a', mode: 'inpaint' } };

/** Pixels at the bounds of a field. */
function within({ sign, side, area, stretch = Infinity }: Pixels): string[] {
  const [least, most] = [side?.[0] ?? 64, side?.[1] ?? 4096];
  const fits = (width: number, height: number) =>
    width * height >= (area?.[0] ?? 1) &&
    width * height <= (area?.[1] ?? Infinity) &&
    Math.max(width, height) <= stretch * Math.min(width, height);
  const sizes = [least, most, 2048].flatMap((width) => [least, most, 2048].map((height) => [width, height] as const));
  return sizes
    .filter(([width, height]) => Math.max(width, height) <= most && fits(width, height))
    .map(([width, height]) => `${width}${sign}${height}`);
}

/** Pixels beyond each of them, and what is no pixels at all. */
function outside({ sign, side, area, stretch, multipleOf }: Pixels): string[] {
  const other = sign === '*' ? 'x' : '*';
  const [least, most] = [side?.[0], side?.[1]];
  const square = (pixels: number) => Array.from({ length: 2 }, () => Math.floor(Math.sqrt(pixels))).join(sign);
  return [
    ...['wide', `1024${other}1024`, `0${sign}1024`, `-1${sign}1024`, `1024${sign}`],
    ...(least ? [`${least - 1}${sign}1024`] : []),
    ...(most ? [`1024${sign}${most + 1}`] : []),
    ...(area ? [square(area[0] - 1), square(area[1] + 2 * Math.sqrt(area[1]) + 1)] : []),
    ...(stretch ? [`512${sign}${512 * stretch + 1}`] : []),
    ...(multipleOf ? [`1024${sign}${1024 + multipleOf - 1}`] : []),
  ];
}

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
