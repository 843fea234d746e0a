import { describe, expect, test } from 'vitest';
import { sources, written } from '../../catalogue/generate.ts';
import { readRecorded, readText, toText } from '../../catalogue/recorded.ts';
import { toRecorded } from '../../catalogue/to-recorded.ts';
import { documents } from '../openapi.ts';

test.each(Object.entries(sources()))('src/%s.ts is what the generator makes of what was recorded', (name, made) => {
  expect(written(name)).toBe(made);
});

test('what was recorded is written in the form in which it lies here', () => {
  expect(toText(readRecorded())).toBe(readText());
});

test.each(documents)('%s document gives what was recorded', (_, document) => {
  const recorded = readRecorded();
  const read = toRecorded(document, recorded.date, recorded);
  expect(toText({ ...read, source: recorded.source })).toBe(readText());
});

const small = {
  paths: {
    '/v2/images/edit': { post: body({ $ref: '#/components/schemas/Edit' }) },
    '/v2/images/midjourney/action': {
      post: body({
        properties: {
          action: { type: 'string', enum: ['pan'] },
          direction: { type: 'string', enum: ['up', 'down'] },
          webhookUrl: { type: 'string' },
        },
        required: ['action', 'direction'],
      }),
    },
    '/v2/jobs': {},
    '/v2/videos/generate': { post: body({ properties: { model: { enum: ['a-video'] } } }) },
  },
  components: {
    schemas: {
      Edit: {
        oneOf: [
          {
            properties: {
              model: { type: 'string', enum: ['new-fill'] },
              fillParams: {
                properties: {
                  factor: {
                    anyOf: [
                      { type: 'number', enum: [1] },
                      { type: 'number', enum: [2] },
                    ],
                  },
                },
                required: ['factor'],
              },
            },
            required: ['model', 'fillParams'],
          },
        ],
      },
    },
  },
};

function body(schema: object) {
  return { requestBody: { content: { 'application/json': { schema } } } };
}

test('a document is read operation by operation, without what is no picture', () => {
  const read = toRecorded(small, '2026-11-22');
  expect(read).toMatchObject({ date: '2026-11-22', counts: { edit: 1, 'midjourney-action': 1 } });
  expect(read.models).toEqual([
    {
      ...{
        id: 'new-fill',
        action: 'edit',
        endpoint: 'POST /v2/images/edit',
        params: 'fillParams',
        paramsRequired: true,
      },
      top: {},
      inputs: { factor: { type: 'number', enum: [1, 2], required: true } },
    },
    {
      ...{ id: 'pan', action: 'midjourney-action', endpoint: 'POST /v2/images/midjourney/action' },
      ...{ params: null, paramsRequired: false },
      top: { direction: { type: 'string', enum: ['up', 'down'], required: true } },
      inputs: {},
    },
  ]);
});

test('prices that are known are kept', () => {
  const before = toRecorded(small, '2026-11-21');
  const credits = [{ credits: 9, date: '2026 spring', from: 'a page' }];
  const known = { ...before, models: before.models.map((model) => ({ ...model, credits })) };
  expect(toRecorded(small, '2026-11-22', known).models.map((model) => model.credits)).toEqual([credits, credits]);
});

test('a document of something else is refused', () => {
  expect(() => toRecorded({ paths: { '/v2/jobs': {} }, components: { schemas: {} } }, '2026-11-22')).toThrow(
    'no operation under /v2/images/',
  );
});

describe('an operation that the document has no more', () => {
  const before = readRecorded();
  const [, document] = documents[0] ?? [];
  const grown = (): typeof before => {
    const [one] = before.models;
    return { ...before, models: [...before.models, ...(one ? [{ ...one, id: 'of-yesterday' }] : [])] };
  };

  test('stays, with the day by which it went, until it is back', () => {
    const once = toRecorded(document, '2099-01-01', grown());
    const gone = once.models.find(({ id }) => id === 'of-yesterday');
    expect(gone).toMatchObject({ lastSeen: before.date, goneBy: '2099-01-01', credits: before.models[0]?.credits });
    const again = toRecorded(document, '2099-01-02', once);
    expect(again.models.find(({ id }) => id === 'of-yesterday')).toEqual(gone);
    expect(again.counts).toEqual(before.counts);
    expect(sources(again)['catalogue/models']).toMatch(/'of-yesterday', .*gone: \{ seen: '.*', by: '2099-01-01' \}/);
    const goneBefore = { ...before, models: before.models.map((model) => ({ ...model, lastSeen: 'a', goneBy: 'b' })) };
    expect(toRecorded(document, '2099-01-03', goneBefore).models).toEqual(
      toRecorded(document, '2099-01-03', before).models,
    );
  });

  test('was cut with others where a tenth is missing, unless that is meant', () => {
    const [one] = before.models;
    const more = Array.from({ length: 80 }, (_, index) => (one ? [{ ...one, id: `m${index}` }] : [])).flat();
    const models = [...before.models, ...more];
    expect(() => toRecorded(document, '2099-01-01', { ...before, models })).toThrow(/lacks 80 of \d+ operations/);
    const forced = toRecorded(document, '2099-01-01', { ...before, models }, { force: true });
    expect(forced.models.filter(({ goneBy }) => goneBy)).toHaveLength(80);
  });
});

test('a table that names what the document has no more is not written', () => {
  const { models, ...head } = readRecorded();
  const fewer = models.map((model) => (model.id === 'flux-2-pro' ? { ...model, inputs: {} } : model));
  expect(() => sources({ ...head, models: fewer })).toThrow('overrides.ts names `input_images`');
});

test('a new model of a known family is one line more, under its own id', () => {
  const { models, ...head } = readRecorded();
  const likeness = models.find(({ id }) => id === 'qwen-image-2');
  const { 'catalogue/models': text = '', 'catalogue/ids': ids = '' } = sources({
    ...head,
    models: [...models, ...(likeness ? [{ ...likeness, id: 'qwen-image-3' }] : [])],
  });
  expect(text.split('\n').length).toBe(written('catalogue/models').split('\n').length + 1);
  expect(text).toContain("{ id: 'qwen-image-3', price: { credits: 3 } }");
  expect(ids).toContain("| 'qwen-image-3'");
});
