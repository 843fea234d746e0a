import { describe, expect, it } from 'vitest';
import { recorded } from '../catalogue/recorded.ts';
import { apiframe, start, wavespeed } from './harness.ts';

const price = async (model_id: string, inputs: object = {}): Promise<number> =>
  (await wavespeed(start(), 'model/price', { model_id, inputs })).body.data.price;

describe('what WaveSpeed charges', () => {
  it.each([
    ['wavespeed-ai/real-esrgan', {}, 0.0024],
    ['wavespeed-ai/flux-dev', { num_images: 3 }, 0.036],
    ['google/nano-banana-pro/text-to-image', { resolution: '4k' }, 0.24],
    ['google/nano-banana-2/text-to-image', { resolution: '0.5k', enable_web_search: true }, 0.059],
    ['openai/gpt-image-2/text-to-image', { quality: 'high', resolution: '4k' }, 0.66],
    ['clarity-ai/crystal-upscaler', { target_megapixels: 17 }, 0.8],
    ['bytedance/seedream-v4/sequential', { max_images: 15 }, 0.405],
  ])('follows the formula of %s for %o', async (model, inputs, expected) => {
    expect(await price(model, inputs)).toBe(expected);
  });

  it('takes the default of what is not said, and one for what is no field', async () => {
    expect(await price('clarity-ai/pro-upscaler')).toBe(0.12);
    // Its formula names `num_images`, which it does not have.
    expect(await price('alibaba/wan-2.5/text-to-image')).toBe(0.03);
  });

  it('falls back to the base price where a formula comes to nothing', async () => {
    expect(await price('microsoft/mai-image-2.5/text-to-image')).toBe(0.05);
    expect(await price('wavespeed-ai/flux-dev', { num_images: 'three' })).toBe(0.012);
  });

  it('is the same for a submit, and by the older endpoint', async () => {
    const emulator = start();
    const inputs = { prompt: 'a pond', aspect_ratio: '16:9', resolution: '4k' };
    const model_id = 'google/nano-banana-pro/text-to-image';
    await wavespeed(emulator, model_id, inputs);
    expect(emulator.charges()[0]?.amount).toBe(0.24);
    expect((await wavespeed(emulator, 'model/pricing', { model_id, inputs })).body.data.unit_price).toBe(0.24);
  });
});

describe('what Apiframe charges', () => {
  it.each([
    ['gpt-image-1.5', { gptImageParams: { quality: 'low', number_of_images: 3 } }, 12],
    ['gpt-image-1.5', { gptImageParams: { quality: 'auto' } }, 24],
    ['imagen-4', {}, 5],
    ['kling-image', { klingImageParams: { n: 4 } }, 8],
    ['midjourney', {}, 10],
    // No page says what these cost.
    ['reve-create', {}, 6],
    ['flux-lora', { fluxLoraParams: { loraId: crypto.randomUUID(), num_outputs: 2 } }, 12],
  ])('is what was recorded last of %s for %o, or a figure of its own', async (model, params, credits) => {
    const emulator = start();
    await apiframe(emulator, 'images/generate', { model, prompt: 'a pond', ...params });
    expect(emulator.charges()).toMatchObject([{ amount: credits, currency: 'credit' }]);
  });
});

describe('GET /api/v3/models', () => {
  it('lists every model with its fields in the form of the host', async () => {
    const { data } = (await wavespeed(start(), 'models')).body;
    const byId = new Map<string, { api_schema: { api_schemas: object[] } }>(
      data.map((entry: { model_id: string }) => [entry.model_id, entry]),
    );
    const { models } = recorded('wavespeed');
    expect(byId.size).toBe(models.filter(({ live }) => live).length);
    expect(byId.get('alibaba/wan-2.7/text-to-image')).toMatchObject({
      type: 'text-to-image',
      api_schema: {
        api_schemas: [
          {
            type: 'model_run',
            method: 'POST',
            api_path: '/api/v3/alibaba/wan-2.7/text-to-image',
            request_schema: {
              required: ['prompt'],
              properties: {
                size: {
                  type: 'string',
                  default: '1024*1024',
                  minimum: 512,
                  maximum: 4096,
                  description: expect.stringContaining('589824 to 4194304 pixels in all; no side more than 8 times'),
                },
              },
            },
          },
        ],
      },
    });
    expect(byId.get('wavespeed-ai/feynobg')?.api_schema.api_schemas).toEqual([]);
    expect(byId.has('openai/dall-e-3')).toBe(false);
    expect((await wavespeed(start({ goneModels: true }), 'models')).body.data).toHaveLength(models.length);
  });

  it('says of each what was recorded of the list, also where the pages say more', async () => {
    const { data } = (await wavespeed(start({ goneModels: true }), 'models')).body;
    const served = data.map(({ model_id, type, base_price, formula, api_schema }: Entry) => {
      const { properties = {}, required = [] } = api_schema.api_schemas[0]?.request_schema ?? {};
      const schema = Object.keys(properties).length > 0;
      return { id: model_id, type, base_price, formula, fields: schema ? Object.keys(properties) : null, required };
    });
    const recordings = recorded('wavespeed').models.map(({ id, type, usd, priceFormula = '', inputs }) => {
      const required = Object.entries(inputs ?? {}).flatMap(([name, field]) => (field.required ? name : []));
      const fields = inputs && Object.keys(inputs);
      return { id, type, base_price: usd[Object.keys(usd).at(-1) ?? ''], formula: priceFormula, fields, required };
    });
    expect(served).toEqual(recordings);
  });
});

interface Entry {
  readonly model_id: string;
  readonly type: string;
  readonly base_price: number;
  readonly formula: string;
  readonly api_schema: {
    readonly api_schemas: readonly {
      readonly request_schema: { readonly properties: object; readonly required: readonly string[] };
    }[];
  };
}
