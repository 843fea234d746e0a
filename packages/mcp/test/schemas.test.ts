import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { connect, createWorld } from './world.ts';

const config = {
  hero: ['wavespeed:seedream-4', 'apiframe:seedream-4'],
  draft: 'wavespeed:seedream-3',
  banana: 'wavespeed:nano-banana-pro',
};

interface ObjectSchema {
  readonly type: 'object';
  readonly additionalProperties?: unknown;
  readonly required?: unknown;
}

/** Every schema within a schema that describes an object. */
function objectsIn(schema: unknown): readonly ObjectSchema[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.values(schema).flatMap(objectsIn);
  return 'type' in schema && schema.type === 'object' ? [schema as ObjectSchema, ...inner] : inner;
}

describe('the tools', () => {
  test('are six, and say which of them read only', async () => {
    const { images } = await createWorld({ config });
    const { tools } = await (await connect(images)).client.listTools();
    expect(
      tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint, annotations?.idempotentHint]),
    ).toEqual([
      ['generate_image', false, false],
      ['edit_image', false, false],
      ['check_image', true, undefined],
      ['list_models', true, undefined],
      ['jobs', true, undefined],
      ['resume', false, true],
    ]);
    for (const name of ['generate_image', 'edit_image']) {
      const { description, annotations } = tools.find((each) => each.name === name) ?? {};
      expect(description).toContain('call `resume`, or repeat with the `intent_id` it gave');
      expect(annotations).toMatchObject({ openWorldHint: true, destructiveHint: false });
    }
  });

  test('take and give what their schemas name, and nothing else', async () => {
    const { images } = await createWorld({ config });
    const { tools } = await (await connect(images)).client.listTools();
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    for (const { inputSchema, outputSchema, name } of tools) {
      for (const schema of [inputSchema, outputSchema]) {
        expect(() => ajv.compile((schema ?? {}) as object), name).not.toThrow();
        for (const each of objectsIn(schema)) {
          expect(each.additionalProperties, name).toBe(false);
          expect(each.required, name).toBeInstanceOf(Array);
        }
      }
    }
  });

  test('offer what the tables of the models have', async () => {
    const { images } = await createWorld({ config });
    const { tools } = await (await connect(images)).client.listTools();
    const propertiesOf = (tool: string) => tools.find(({ name }) => name === tool)?.inputSchema.properties;
    const properties = propertiesOf('generate_image');
    expect(properties?.model).toMatchObject({ enum: ['hero', 'draft', 'banana'], default: 'hero' });
    expect(properties).toHaveProperty('seed');
    expect(properties).not.toHaveProperty('images');
    expect(propertiesOf('edit_image')?.images).toMatchObject({ type: 'array', minItems: 1 });
    expect(propertiesOf('check_image')).not.toHaveProperty('intent_id');
  });

  test('leave out what no model takes', async () => {
    const { images } = await createWorld({ config: { only: 'wavespeed:nano-banana-pro' } });
    const { tools } = await (await connect(images)).client.listTools();
    const properties = tools.find(({ name }) => name === 'generate_image')?.inputSchema.properties;
    expect(properties).not.toHaveProperty('seed');
    expect(properties?.aspect_ratio).toHaveProperty('enum');
  });
});

test('`list_models` says what each host takes and costs', async () => {
  const { images, emulator } = await createWorld({ config });
  const { call } = await connect(images);
  const { data } = await call('list_models');
  expect(data.models.map(({ name }: { name: string }) => name)).toEqual(Object.keys(config));
  expect(data.models[0].hosts).toMatchObject([
    { provider: 'wavespeed', model: 'seedream-4', price: { amount: 0.027, currency: 'USD' }, max_images: 10 },
    { provider: 'apiframe', model: 'seedream-4', price: { currency: 'credit' } },
  ]);
  expect(emulator.requests()).toEqual([]);
});

test('`check_image` says what each host would do, and sends nothing', async () => {
  const { images, emulator } = await createWorld({ config });
  const { call } = await connect(images);
  const { data } = await call('check_image', { prompt: 'a fox', aspect_ratio: '16:9', resolution: '2K' });
  expect(data.hosts).toMatchObject([
    { provider: 'wavespeed', verdict: 'adapted', adaptations: [{ option: 'aspect_ratio' }] },
    { provider: 'apiframe', verdict: 'supported', adaptations: [] },
  ]);
  const { data: refused } = await call('check_image', { prompt: 'a fox', seed: 7 });
  expect(refused.hosts).toMatchObject([{ verdict: 'refused' }, { verdict: 'refused' }]);
  expect(emulator.requests()).toEqual([]);
});

test.each([
  [{ models: [] }, 'models'],
  [{ models: ['nobody'] }, 'nobody'],
  [{ folder: '' }, 'folder'],
  [{ wait: 0 }, 'wait'],
  [{ registry: undefined as never }, 'registry'],
])('options %o are refused by name', async (options, name) => {
  await expect(createWorld(options)).rejects.toThrow(name);
});
