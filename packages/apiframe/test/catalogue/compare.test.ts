import { describe, expect, test } from 'vitest';
import { readRecorded } from '../../catalogue/recorded.ts';
import { apiframeAdapter } from '../../src/index.ts';
import { documents } from '../openapi.ts';

const list = apiframeAdapter.catalogue?.list;
const path = '/v2/images/generate';
const documentOf = (schema: unknown, schemas: unknown = {}) => ({
  paths: { [path]: { post: { requestBody: { content: { 'application/json': { schema } } } } } },
  components: { schemas },
});
const body = (fields: unknown, id: unknown = 'new-model') => ({
  properties: { model: { enum: [id] }, newParams: { properties: fields } },
});

describe("the host's document", () => {
  test('is asked for without a key', () => {
    expect(list).toMatchObject({ request: { method: 'GET', path: '/v2/openapi.json' }, open: true });
  });

  test.each(documents)('as %s is, is what the tables were made from, operation by operation', async (_, document) => {
    const { tables = [], list: now = [] } = (await list?.read(document)) ?? {};
    expect(now).toEqual(tables);
    expect(new Set(now.map(({ id }) => id)).size).toBe(readRecorded().models.length);
  });

  test('tells what each field takes', async () => {
    const fields = {
      words: { type: 'string', minLength: 1, maxLength: 9, pattern: '^a' },
      choice: {
        anyOf: [
          { type: 'number', enum: [1] },
          { type: 'number', enum: [2] },
        ],
      },
      pictures: { type: ['array', 'null'], items: { type: 'string', format: 'uri' }, maxItems: 3 },
      names: { type: 'array', items: { type: 'string' } },
      one: { type: 'string', format: 'uri' },
      steps: { type: 'integer', minimum: 1, maximum: 4 },
      on: { type: 'boolean' },
      odd: { type: 'object' },
    };
    const read = await list?.read(documentOf({ $ref: '#/components/schemas/A' }, { A: { oneOf: [body(fields)] } }));
    expect(read?.list).toEqual([
      {
        id: 'new-model',
        category: 'generate',
        fields: {
          words: { type: 'text', hint: 'text like ^a', min: 1, max: 9 },
          choice: { type: 'choice', values: [1, 2] },
          pictures: { type: 'urls', max: 3 },
          names: { type: 'list', of: { type: 'text' } },
          one: { type: 'text', hint: 'a uri' },
          steps: { type: 'integer', min: 1, max: 4 },
          on: { type: 'boolean' },
          odd: { type: 'text', hint: 'object' },
        },
        required: [],
      },
    ]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'openapi'],
    ['a list', []],
    ['no paths', { components: {} }],
    ['paths that are none', { paths: 'all' }],
    ['an operation without a body', { paths: { [path]: { post: {} } } }],
    ['a reference to nowhere', documentOf({ $ref: '#/components/schemas/A' })],
    ['a reference to what every object has', documentOf({ $ref: '#/components/schemas/toString' })],
    ['fields that are none', documentOf(body('none'))],
    ['an id that is none', documentOf(body({}, { an: 'object' }))],
  ])('is not %s', async (_, junk) => {
    expect(await list?.read(junk)).toBeUndefined();
  });
});
