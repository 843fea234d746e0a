import type { ImageRequest, Json } from '@imageport/core';
import { describe, expect, test } from 'vitest';
import { type RecordedField, type RecordedModel, readRecorded } from '../../catalogue/recorded.ts';
import { refusalOf, toHttp } from '../to-http.ts';
import { samplesOf } from './samples.ts';

// Each field of each operation, read anew from what was recorded: at its bounds it passes, beyond them it is refused.

/** Where the page of a model is narrower than the document of its family. */
const pages: Readonly<Record<string, Readonly<Record<string, Partial<RecordedField>>>>> = {
  'flux-1.1-pro': { width: { maximum: 1440 }, height: { maximum: 1440 } },
  'flux-2-pro': { input_images: { maxItems: 8 } },
  'ideogram-v3-turbo': {
    aspect_ratio: { enum: ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '16:10', '10:16', '3:1', '1:3'] },
    resolution: { pattern: '^(None|\\d+x\\d+)$' },
    style_type: { enum: ['None', 'Auto', 'General', 'Realistic', 'Design'] },
  },
};

const url = 'https://example.com/a.png';
const uuid = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

/** What must stand beside a field so that it counts; what must be there anyway stands under ''. */
const companions: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>> = {
  fluxLoraParams: { '': { loraId: uuid } },
  qwenImageParams: { image_url: { task_type: 'image-edit' }, task_type: { image_url: url } },
  ideogramParams: { mask: { image: url } },
  fluxFillParams: {
    '': { mode: 'inpaint', mask: url },
    outpaint: { mode: 'outpaint' },
    mode: { mask: url },
  },
  lab851BgRemoveParams: { format: { background_type: 'white' } },
};

const tasks: Readonly<Record<string, NonNullable<ImageRequest['task']>>> = {
  upscale: 'upscale',
  'background-remove': 'remove-background',
};

const models = readRecorded().models.filter(
  ({ id, action }) => action !== 'midjourney-action' && !/^seedream/.test(id),
);

/** One value of one native field, with what it needs beside it. */
function toAsked(model: RecordedModel, name: string, value: Json): Parameters<typeof toHttp> {
  const { '': always = {}, [name]: beside = {} } = companions[model.params ?? ''] ?? {};
  const needed = model.inputs.image?.required ?? model.inputs.character_reference_image?.required;
  const fields = without({ ...always, ...beside, [name]: value }, model, name, value);
  const task = tasks[model.action];
  const prompted = model.top.prompt ?? model.inputs.prompt?.required;
  return [
    model.id,
    { prompt: prompted ? 'a lighthouse' : '', images: needed ? [url] : [], providerOptions: { apiframe: fields } },
    task ? { task } : {},
  ];
}

/** The other mode, and the other task, exclude what the usual one needs. */
function without(fields: Record<string, Json>, { params }: RecordedModel, name: string, value: Json) {
  if (params === 'qwenImageParams' && value === 'text-to-image') return { task_type: value };
  if (params !== 'fluxFillParams') return fields;
  const { mask: _, ...rest } = fields;
  if (name === 'outpaint') return rest;
  return value === 'outpaint' ? { ...rest, outpaint: 'Make square' } : fields;
}

/** A required picture and a required prompt are said by neutral options. */
const isNeutral = ({ inputs }: RecordedModel, name: string): boolean =>
  inputs[name]?.required === true && ['image', 'character_reference_image', 'prompt'].includes(name);

const fieldsOf = (model: RecordedModel): [string, RecordedField][] =>
  Object.entries(model.inputs)
    .filter(([name]) => !isNeutral(model, name))
    .map(([name, field]) => [name, { ...field, ...pages[model.id]?.[name] }]);

describe.each(models.map((model) => [model.id, model] as const))('%s', (_, model) => {
  test.each(fieldsOf(model))('takes `%s` at its bounds, and nothing beyond', (name, field) => {
    const { inside, outside } = samplesOf(field);
    for (const value of inside) {
      const [id, options, more] = toAsked(model, name, value);
      const body = toHttp(id, options, more).body ?? {};
      expect(body[model.params ?? '']).toMatchObject({ [name]: value });
    }
    for (const value of outside) {
      const error = refusalOf(...toAsked(model, name, value));
      expect(error, JSON.stringify(value)).toMatchObject({ code: 'invalid_request', billed: 'no' });
      expect(String(error)).toContain(`providerOptions.apiframe.${name}`);
    }
  });

  test('takes nothing that was not recorded', () => {
    const error = refusalOf(...toAsked(model, 'nothing_like_it', 1));
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(String(error)).toMatch(/has no such field; it has \w+/);
  });
});

describe('a prompt', () => {
  const prompted = models.filter(({ top, inputs }) => top.prompt ?? inputs.prompt);

  test.each(prompted.map((model) => [model.id, model] as const))('of %s has its most characters', (_, model) => {
    const { maxLength = 0, required } = model.top.prompt ?? model.inputs.prompt ?? {};
    const [id, options, more] = toAsked(model, 'seed', 1);
    const ask = (prompt: string): Parameters<typeof toHttp> => [
      id,
      { ...options, prompt, providerOptions: alone(model) },
      more,
    ];
    expect(maxLength).toBeGreaterThan(0);
    expect(() => toHttp(...ask('é'.repeat(maxLength)))).not.toThrow();
    expect(refusalOf(...ask('é'.repeat(maxLength + 1)))).toMatchObject({ code: 'unsupported', billed: 'no' });
    if (required) expect(refusalOf(...ask(''))).toMatchObject({ code: 'invalid_request', billed: 'no' });
    else expect(() => toHttp(...ask(''))).not.toThrow();
  });

  /** Only what must be there. */
  const alone = ({ params }: RecordedModel) => ({ apiframe: { ...companions[params ?? '']?.[''] } });

  test('is refused by who takes none', () => {
    const others = models.filter((model) => !prompted.includes(model));
    expect(others.map(({ id }) => id)).toEqual(['topaz-image-upscale', '851-bg-remove', 'bria-bg-remove']);
    for (const { id, action } of others) {
      const task = tasks[action];
      const error = refusalOf(id, { images: [url] }, task ? { task } : {});
      expect(error).toMatchObject({ code: 'unsupported', billed: 'no' });
      expect(String(error)).toContain('`prompt`');
    }
  });
});

test('no operation of the host is missing here, but for the Seedream line and the Midjourney actions, which have their own tests', () => {
  expect(models.length).toBeGreaterThanOrEqual(61 - 6 - 5);
});
