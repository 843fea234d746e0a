import { describe, expect, test } from 'vitest';
import type { Adapter } from '../../src/contract/adapter.ts';
import type { Family } from '../../src/contract/family.ts';
import { ImageError } from '../../src/errors/image-error.ts';
import type { ImageModel } from '../../src/host/provider.ts';
import { loadCatalogues } from '../../src/request/catalogue.ts';
import { findModel } from '../../src/request/find-model.ts';
import { parseRequest, type RequestOptions } from '../../src/request/options.ts';
import { prepareRequest } from '../../src/request/resolve.ts';
import { fakeAdapter } from './fake.ts';

const rich: Family = {
  models: [{ ids: ['rich'], native: 'x/rich', price: { amount: 0.03, currency: 'USD', source: 'listed' } }],
  maxPrompt: 20,
  accepts: {
    geometry: { pixels: { min: 512, max: 2048 }, area: 1024 * 1024 },
    seed: true,
    promptExpansion: true,
    sync: true,
    base64: true,
    outputFormats: ['png', 'jpeg'],
  },
  fields: {
    size: { type: 'size', min: 512, max: 2048 },
    seed: { type: 'integer', min: 0, max: 99 },
    expand: { type: 'boolean' },
    sync: { type: 'boolean' },
    base64: { type: 'boolean' },
    format: { type: 'choice', values: ['png', 'jpeg'] },
    guidance: { type: 'number', min: 1, max: 10 },
    steps: { type: 'integer' },
  },
  toWire: ({ shape, seed, promptExpansion, sync, base64, outputFormat }) => ({
    size: shape.kind === 'pixels' ? `${shape.width}*${shape.height}` : undefined,
    seed,
    expand: promptExpansion,
    sync,
    base64,
    format: outputFormat,
  }),
  toDefaults: () => ({ steps: 9 }),
  check: ({ guidance, steps }) => (guidance === 5 && steps === 5 ? '`guidance` 5 makes `steps` void' : undefined),
};
const poor: Family = { models: [{ ids: ['poor'], native: 'x/poor' }], accepts: {}, fields: {}, toWire: () => ({}) };
const edit: Family = {
  models: [
    {
      ids: ['rich'],
      native: 'x/rich-edit',
      price: ({ images }) => ({
        amount: Array.isArray(images) ? images.length : 0,
        currency: 'credit',
        source: 'listed',
      }),
    },
  ],
  accepts: { images: { min: 1, max: 2 } },
  fields: { images: { type: 'urls', max: 2 } },
  toWire: ({ images }) => ({ images }),
};
const adapter: Adapter = fakeAdapter({ families: [rich, poor, edit] });

const prompt = 'a secret';
const prepare = (model: string, options: Partial<RequestOptions> = {}) =>
  prepareRequest(adapter, model, parseRequest({ prompt, ...options }));

function refusal(model: string, options: Partial<RequestOptions>): ImageError {
  try {
    prepare(model, options);
  } catch (error) {
    if (ImageError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const url = 'https://x/a.png';

describe('which row of the table', () => {
  test.each([
    ['rich', [], 'x/rich'],
    ['rich', [url], 'x/rich-edit'],
    ['x/rich', [], 'x/rich'],
    ['x/rich-edit', [url], 'x/rich-edit'],
    ['x/other', [], 'x/other'],
  ])('%s with pictures %j is %s', (id, images, native) => {
    expect(findModel(adapter, id, { images }).row.native).toBe(native);
  });

  test('an unknown id says what there is', () => {
    const error = refusal('nope', {});
    expect(error).toMatchObject({ code: 'not_found', billed: 'no', provider: 'fake', model: 'nope' });
    expect(error.message).toContain('it has rich, poor');
  });
});

describe('what a model cannot honour is `unsupported`, by name, for free', () => {
  test.each<[string, string, Partial<RequestOptions>]>([
    ['poor', 'size', { size: '1024*1024' }],
    ['poor', 'aspectRatio', { aspectRatio: '1:1' }],
    ['poor', 'resolution', { resolution: '2K' }],
    ['poor', 'seed', { seed: 0 }],
    ['poor', 'promptExpansion', { promptExpansion: true }],
    ['poor', 'outputFormat', { outputFormat: 'png' }],
    ['poor', 'images', { images: [url] }],
    ['rich', 'images', { images: [url, url, url] }],
    ['x/rich-edit', 'images', {}],
    ['rich', 'outputFormat', { outputFormat: 'webp' }],
    ['rich', 'size', { size: '64*64' }],
    ['rich', 'prompt', { prompt: 'x'.repeat(21) }],
  ])('%s: `%s`', (model, option, options) => {
    const error = refusal(model, options);
    expect(error).toMatchObject({ code: 'unsupported', billed: 'no', stage: 'prepare', provider: 'fake', model });
    expect(error.message).toContain(`fake:${model} cannot honour \`${option}\``);
    expect(error.message).not.toContain(options.prompt ?? prompt);
  });
});

describe('a slip in `providerOptions` is `invalid_request`: no other model would help', () => {
  test.each<[string, object, string]>([
    ['a field that is not there', { nope: 1 }, 'no such field; it has size, seed'],
    ['a value out of range', { guidance: 11 }, 'from 1 to 10'],
    ['a value of another type', { expand: 'yes' }, 'true or false'],
    ['a combination that is void', { guidance: 5, steps: 5 }, 'makes `steps` void'],
    ['a contradiction to a neutral option', { seed: 8 }, 'give one of the two'],
    ['a name of every object', { constructor: 1 }, 'constructor'],
    ['the prototype', JSON.parse('{"__proto__":{}}'), ''],
  ])('%s', (_, fake, words) => {
    const error = refusal('rich', { seed: 7, providerOptions: { fake: fake as Record<string, unknown> } });
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain(prompt);
  });

  test('the same said twice is no contradiction', () => {
    expect(prepare('rich', { seed: 7, providerOptions: { fake: { seed: 7 } } }).native.fields.seed).toBe(7);
  });

  test("another host's options do not matter here", () => {
    expect(prepare('rich', { providerOptions: { other: { nope: 1 } } }).native.fields).toEqual({ steps: 9 });
  });

  test('they win over the defaults, and a generic model takes them as they are', () => {
    expect(prepare('rich', { providerOptions: { fake: { steps: 3 } } }).native.fields).toEqual({ steps: 3 });
    expect(prepare('x/other', { providerOptions: { fake: { anything: [1] } } }).native.fields).toEqual({
      anything: [1],
    });
  });
});

test('everything that is asked goes out in the words of the host', () => {
  const options = {
    size: '1024*512',
    seed: 7,
    promptExpansion: false,
    sync: true,
    responseFormat: 'base64',
    outputFormat: 'png',
    webhookUrl: 'https://x/h',
  } as const;
  expect(prepare('rich', options)).toMatchObject({
    native: {
      model: 'x/rich',
      prompt,
      fields: { size: '1024*512', seed: 7, expand: false, sync: true, base64: true, format: 'png', steps: 9 },
      webhookUrl: 'https://x/h',
    },
    adaptations: [],
    price: { amount: 0.03 },
  });
});

test('hints that a model does not know are ignored, visibly', () => {
  const { native, adaptations } = prepare('poor', { sync: true, responseFormat: 'base64' });
  expect(native.fields).toEqual({});
  expect(adaptations).toMatchObject([
    { option: 'sync', asked: 'true', sent: '' },
    { option: 'responseFormat', asked: 'base64', sent: '' },
  ]);
});

test.each<[Partial<RequestOptions>]>([[{ promptExpansion: false }], [{ sync: false }], [{ responseFormat: 'url' }]])(
  '%j is satisfied where the model does so anyway',
  (options) => expect(prepare('poor', options)).toMatchObject({ native: { fields: {} }, adaptations: [] }),
);

test('with fit nearest every adaptation is reported', () => {
  const { native, adaptations } = prepare('rich', { prompt: 'x'.repeat(21), size: '4096*4096', fit: 'nearest' });
  expect(native).toMatchObject({ prompt: 'x'.repeat(21), fields: { size: '2048*2048' } });
  expect(adaptations.map(({ option }) => option)).toEqual(['prompt', 'size']);
});

test('an unknown price is unknown, never 0', () => expect(prepare('poor').price).toEqual({ source: 'unknown' }));

test('a price may depend on what is sent', () => {
  expect(prepare('rich', { images: [url, url] }).price).toMatchObject({ amount: 2 });
});

test('a prompt is counted in characters, not in halves of them', () => {
  expect(() => prepare('rich', { prompt: '🌊'.repeat(20) })).not.toThrow();
});

describe('a model that takes more, or less, than a prompt', () => {
  const families: Family[] = [
    {
      models: [{ ids: [], native: 'x/filter', note: 'the list is of yesterday' }],
      accepts: { prompt: 'none', images: { min: 1, max: 1 } },
      fields: {},
      toWire: () => ({}),
    },
    {
      models: [{ ids: [], native: 'x/paint', gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      accepts: { prompt: 'optional', images: { min: 1, max: 1 }, mask: 'required' },
      fields: { prompt: { type: 'text' }, mask: { type: 'text' }, style: { type: 'text' } },
      required: ['style'],
      toWire: (request) => ({ prompt: request.prompt || undefined, mask: request.mask }),
    },
    {
      models: [{ ids: ['larger'], native: 'x/larger', endpoint: { path: '/up' } }],
      task: 'upscale',
      accepts: { prompt: 'none', scales: [2, 4] },
      fields: { by: { type: 'choice', values: [2, 4] } },
      toWire: ({ scale }) => ({ by: scale }),
    },
    {
      models: [{ ids: ['grid'], native: 'x/grid' }],
      task: 'vary',
      accepts: { prompt: 'none' },
      fields: { from: { type: 'text' }, which: { type: 'choice', values: [1, 2] }, mask: { type: 'text', max: 3 } },
      toWire: ({ vary }) => ({ from: vary?.job.id, which: vary?.index }),
      check: ({ which, mask }) => (which === 2 && mask === undefined ? 'the second needs `mask`' : undefined),
    },
  ];
  const world = fakeAdapter({ families });
  const image = 'https://example.com/a.png';
  const ask = (model: string, options: Partial<RequestOptions>, more: object = {}) =>
    prepareRequest(world, model, { ...parseRequest({ prompt: '', ...options }), ...more });

  test('brings what a caller should know before paying', () => {
    expect(ask('x/filter', { images: [image] }).warnings).toEqual(['the list is of yesterday']);
    expect(ask('larger', {}, { task: 'upscale' }).warnings).toEqual([]);
  });

  const refused = (model: string, options: Partial<RequestOptions>, more: object = {}): string => {
    try {
      ask(model, options, more);
    } catch (error) {
      if (ImageError.is(error)) return `${error.code} ${error.billed}: ${error.message}`;
    }
    throw new Error('it was not refused');
  };

  test('has no prompt where it takes none', () => {
    expect(ask('x/filter', { images: [image] }).native).toEqual({ model: 'x/filter', prompt: '', fields: {} });
    expect(refused('x/filter', { prompt: 'blue', images: [image] })).toMatch(/^unsupported no: .*`prompt`.*takes none/);
  });

  test('has its prompt and its mask among the fields', () => {
    const native = ask('x/paint', {
      prompt: 'blue',
      images: [image],
      mask: image,
      providerOptions: { fake: { style: 'oil' } },
    }).native;
    expect(native).toMatchObject({ prompt: '', fields: { prompt: 'blue', mask: image, style: 'oil' } });
  });

  test.each<[string, Partial<RequestOptions>, RegExp]>([
    ['without its mask', { images: [image] }, /^unsupported no: .*`mask`/],
    ['with a mask and no picture', { mask: image }, /^unsupported no: .*`images`/],
    [
      'without a field that it needs',
      { images: [image], mask: image },
      /^unsupported no: .*`providerOptions\.fake\.style`: the model needs it: text/,
    ],
    [
      'with a mistyped field',
      { images: [image], mask: image, providerOptions: { fake: { stile: 'oil' } } },
      /did you mean style/,
    ],
  ])('is refused %s', (_, options, words) => {
    expect(refused('x/paint', options)).toMatch(words);
  });

  test('is warned of when the list of its host has dropped it', () => {
    const { warnings } = ask('x/paint', { images: [image], mask: image, providerOptions: { fake: { style: 'oil' } } });
    expect(warnings).toEqual(["fake:x/paint was last in the host's list on 2026-03-13 and not on 2026-06-12"]);
  });

  test('does what it is for and nothing else', () => {
    const { native } = ask('larger', { images: [] }, { task: 'upscale', scale: 4 });
    expect(native).toMatchObject({ fields: { by: 4 }, endpoint: { path: '/up' } });
    expect(refused('larger', {}, { task: 'upscale', scale: 3 })).toMatch(/`scale`.*2 or 4/);
    expect(refused('larger', { prompt: 'x' })).toMatch(
      /^unsupported no: .*no model for generateImage; it is one for upscaleImage/,
    );
    expect(refused('x/filter', { images: [image] }, { task: 'upscale' })).toMatch(/is one for generateImage/);
  });

  const vary = (index: number, job = { provider: 'fake', modelId: 'grid', id: 'a' }) => ({
    task: 'vary',
    vary: { action: 'repaint', job, index },
  });

  test('goes on from a job of its own, under either of its ids', () => {
    expect(ask('x/grid', {}, vary(1)).native.fields).toEqual({ from: 'a', which: 1 });
    const job = { provider: 'fake', modelId: 'x/grid', id: 'b' };
    expect(ask('grid', {}, vary(1, job)).native.fields).toEqual({ from: 'b', which: 1 });
  });

  test.each<[string, object, object, RegExp]>([
    ['a job of another host', {}, vary(1, { provider: 'other', modelId: 'grid', id: 'a' }), /`job`: it is .* of other/],
    [
      'a job of another model',
      {},
      vary(1, { provider: 'fake', modelId: 'rich', id: 'a' }),
      /`job`: it is a job of rich/,
    ],
    ['a picture that there is not', {}, vary(3), /`action`: `which` must be 1 or 2, not 3/],
    ['what goes with nothing', {}, vary(2), /`action`: the second needs `mask`/],
    ['a wrong native field', { mask: 'long' }, vary(1), /`providerOptions\.fake\.mask`: must be/],
  ])('does not go on from %s', (_, fields, more, words) => {
    const text = refused('grid', { providerOptions: { fake: fields as Record<string, string> } }, more);
    expect(text).toMatch(/^(invalid_request|unsupported) no: /);
    expect(text).toMatch(words);
  });
});

describe('a host whose catalogue says what it has', () => {
  const world = fakeAdapter({ families: [rich], catalogue: { load: async () => [poor] } });
  const ask = (model: string, options: Partial<RequestOptions> = {}) =>
    prepareRequest(world, model, parseRequest({ prompt, ...options }));

  test('is asked for an unknown id only when told to, and says so', () => {
    expect(() => ask('x/rihc')).toThrow(
      /x\/rihc is not a model that is known; the nearest are .*x\/rich.*`unchecked: true`/,
    );
    const found = ask('x/rihc', { unchecked: true, providerOptions: { fake: { tone: 'warm' } } });
    expect(found.native).toMatchObject({ model: 'x/rihc', fields: { tone: 'warm' } });
    expect(found.unchecked).toEqual({ model: true, fields: ['tone'] });
    expect(found.warnings).toEqual([
      'fake:x/rihc is in no table, so nothing about it was checked: there may be no such model, and its price is not known',
      'fake:x/rihc is sent tone unchecked: the host may ignore it and charge',
    ]);
  });

  test('knows the models of its catalogue once that is loaded', async () => {
    expect(() => ask('poor')).toThrow(/not a model that is known/);
    await loadCatalogues([{ provider: { adapter: world }, modelId: 'poor' } as ImageModel]);
    expect(ask('poor').native.model).toBe('x/poor');
  });

  test('is sent a field outside the table only when told to', () => {
    const more = { providerOptions: { fake: { guidence: 5 } } };
    expect(() => ask('rich', more)).toThrow(/did you mean guidance/);
    const sent = ask('rich', { ...more, unchecked: true });
    expect(sent.warnings[0]).toContain('guidence unchecked');
    expect(sent.unchecked).toEqual({ model: false, fields: ['guidence'] });
    expect(ask('rich', { unchecked: true })).not.toHaveProperty('unchecked');
  });

  test('whose list cannot be read says so with every answer, and with the refusal of what it may have', () => {
    const doubt = 'fake: the list could not be read';
    const doubtful = fakeAdapter({ families: [rich], catalogue: { load: async () => [], doubt: () => doubt } });
    const request = parseRequest({ prompt });
    expect(prepareRequest(doubtful, 'rich', request).warnings).toEqual([doubt]);
    expect(() => prepareRequest(doubtful, 'x/newest', request)).toThrow(`asks for it all the same. ${doubt}`);
  });
});

describe('what is sent unchecked', () => {
  const world = fakeAdapter({ families: [rich], catalogue: { load: async () => [] } });
  const ask = (model: string, options: Partial<RequestOptions> = {}) =>
    prepareRequest(world, model, parseRequest({ prompt, unchecked: true, ...options }));

  test('has no price: fields that no table has may cost more', () => {
    expect(ask('rich').price).toMatchObject({ amount: 0.03 });
    expect(ask('rich', { providerOptions: { fake: { num_images: 4 } } }).price).toEqual({ source: 'unknown' });
  });

  test('is refused where two of it would not both be sent', () => {
    expect(() => ask('x/new', { providerOptions: { fake: { prompt: 'another' } } })).toThrow(
      /`providerOptions.fake.prompt`/,
    );
    expect(() => ask('x/new', { providerOptions: { fake: { model: 'x/other' } } })).toThrow(/named by its id/);
    expect(ask('x/new', { prompt: '', providerOptions: { fake: { prompt: 'another' } } }).native).toMatchObject({
      ...{ prompt: '', fields: { prompt: 'another' } },
    });
  });
});

describe('what only one model cannot do', () => {
  const families: Family[] = [
    {
      ...poor,
      models: [{ ids: [], native: 'x/moody' }],
      fields: { mood: { type: 'text' } },
      check: ({ mood }) => (mood ? undefined : 'it draws nothing without a mood'),
    },
    {
      ...poor,
      models: [{ ids: [], native: 'x/styled' }],
      fields: { style: { type: 'text' }, more: { type: 'text' } },
      required: ['style'],
    },
  ];
  const world = fakeAdapter({ families });
  const codeOf = (model: string, options: Partial<RequestOptions> = {}): string => {
    try {
      prepareRequest(world, model, parseRequest({ prompt, ...options }));
    } catch (error) {
      if (ImageError.is(error)) return `${error.code}: ${error.message}`;
    }
    throw new Error('it was not refused');
  };

  test('leaves the request to the next model of a route', () => {
    expect(codeOf('x/moody')).toMatch(/^unsupported: fake:x\/moody cannot do it: it draws nothing/);
    expect(codeOf('x/styled')).toMatch(/^unsupported: .*`providerOptions\.fake\.style`/);
  });

  test('is a mistake of the caller where native fields were given', () => {
    expect(codeOf('x/moody', { providerOptions: { fake: { mood: '' } } })).toMatch(
      /^invalid_request: .*`providerOptions\.fake`/,
    );
    expect(codeOf('x/styled', { providerOptions: { fake: { more: 'x' } } })).toMatch(/^invalid_request: .*style/);
  });
});
