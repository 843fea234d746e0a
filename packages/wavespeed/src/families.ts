import type { Cost, Family, JsonObject, ModelRow } from '@imageport/core';
import {
  answerFields,
  choice,
  count,
  expansion,
  type Fields,
  images,
  oneImage,
  seed,
  sized,
  toAccepts,
  toWire,
  toWireOfOne,
} from './fields.ts';

/** What one row of the price list and one parameter table of the host's pages say. */
interface Sheet<Id extends string = string> {
  readonly models: readonly ModelRow<Id>[];
  readonly fields: Fields;
  readonly maxPrompt?: number;
  /** Pixels in all when only a ratio is asked: those of the default size. */
  readonly area?: number;
}

function toFamily<Id extends string>({ fields, area, ...rest }: Sheet<Id>): Family<Id> {
  return {
    ...rest,
    fields,
    accepts: toAccepts(fields, area),
    toWire: 'image' in fields ? toWireOfOne : toWire,
    // A hint for the schedule: the pages speak of 10 to 15 seconds.
    latency: { median: 12_000, sigma: 0.5 },
  };
}

/** The newest copy of the host's list that was read, and the last one that had the v3 line. */
const today = '2026-10-02';
const spring = '2026-03-13';
const gone = { seen: spring, by: '2026-06-12' };

const usd = (amount: number, asOf = today): Cost => ({ amount, currency: 'USD', source: 'listed', asOf });
const each =
  (dollars: number) =>
  ({ max_images: pictures = 1 }: JsonObject): Cost =>
    usd(Math.round(dollars * Number(pictures) * 1e6) / 1e6);
const byResolution = ({ resolution }: JsonObject): Cost => usd(resolution === '2k' ? 0.09 : 0.045);

const row = <const Native extends string, const Id extends string = never>(
  native: Native,
  price?: ModelRow['price'],
  ...ids: readonly Id[]
): ModelRow<Id | `bytedance/${Native}`> => ({
  ids,
  native: `bytedance/${native}`,
  ...(price === undefined ? {} : { price }),
});

/** A row that the host's list has dropped. */
const dropped: typeof row = (native, price, ...ids) => ({ ...row(native, price, ...ids), gone });
const oldPrice = usd(0.027, spring);

const dreamina = { size: sized(512, 2048, '1328*1328'), seed, ...answerFields };
const square2K = 2048 * 2048;
const anySize = sized(512, 8192);
const anySize2K = sized(512, 8192, '2048*2048');
const lite2K: Fields[string] = {
  type: 'size',
  min: 1440,
  max: 8192,
  minArea: 2560 * 1440,
  maxArea: 4096 * 4096,
  default: '2048*2048',
};
const format = choice(['jpeg', 'png']);

// biome-ignore format: one line of ratios
const ratios = ['1:1', '1:2', '2:1', '1:3', '3:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '9:21', '21:9'];
const square = choice(ratios, '1:1');
/** No default where a reference picture gives the ratio. */
const asPicture = choice(ratios);
const named = { resolution: choice(['1k', '1.5k', '2k'], '1k'), ...answerFields };
const pro = {
  ...named,
  output_format: choice(['jpeg', 'png'], 'jpeg'),
  prompt_optimization_mode: choice(['standard', 'fast']),
};
const flash = { ...named, output_format: format };
const v55 = {
  ...named,
  output_format: choice(['png', 'jpeg'], 'png'),
  background: choice(['auto', 'transparent', 'opaque']),
};

const v3 = [
  toFamily({
    models: [
      dropped('dreamina-v3.1/text-to-image', oldPrice, 'dreamina-3.1'),
      dropped('dreamina-v3.0/text-to-image', oldPrice),
    ],
    area: 1328 * 1328,
    fields: { ...dreamina, enable_prompt_expansion: expansion },
  }),
  toFamily({
    models: [dropped('dreamina-v3.0/edit', oldPrice)],
    maxPrompt: 120,
    area: 1328 * 1328,
    fields: { image: oneImage, ...dreamina },
  }),
  toFamily({
    models: [dropped('seedream-v3.1', oldPrice, 'seedream-3.1')],
    maxPrompt: 100,
    area: 1024 * 1024,
    fields: {
      size: sized(512, 2048, '1024*1024'),
      seed,
      enable_prompt_expansion: expansion,
      enable_base64_output: answerFields.enable_base64_output,
    },
  }),
  toFamily({
    models: [dropped('seedream-v3', oldPrice, 'seedream-3')],
    maxPrompt: 2000,
    area: 1024 * 1024,
    fields: {
      size: sized(512, 2048, '1024*1024'),
      guidance_scale: { type: 'number', min: 0, max: 20, default: 2.5 },
      seed,
      ...answerFields,
    },
  }),
  toFamily({
    models: [dropped('seededit-v3', oldPrice)],
    fields: {
      image: oneImage,
      guidance_scale: { type: 'number', min: 0, max: 1, default: 0.5 },
      seed,
      enable_base64_output: answerFields.enable_base64_output,
    },
  }),
];

const v4 = [
  toFamily({
    models: [row('seedream-v4', usd(0.027), 'seedream-4'), row('seedream-v4.5', usd(0.04), 'seedream-4.5')],
    area: square2K,
    fields: { size: anySize2K, ...answerFields },
  }),
  toFamily({
    models: [row('seedream-v4/edit', usd(0.027), 'seedream-4'), row('seedream-v4.5/edit', usd(0.04), 'seedream-4.5')],
    area: square2K,
    fields: { images, size: anySize, ...answerFields },
  }),
  toFamily({
    models: [row('seedream-v4/sequential', each(0.027)), row('seedream-v4.5/sequential', each(0.04))],
    area: square2K,
    fields: { size: anySize2K, max_images: count, ...answerFields },
  }),
  toFamily({
    models: [row('seedream-v4/edit-sequential', each(0.027)), row('seedream-v4.5/edit-sequential', each(0.04))],
    area: square2K,
    fields: { images, size: anySize, max_images: count, ...answerFields },
  }),
];

const v5Lite = [
  toFamily({
    models: [row('seedream-v5.0-lite', usd(0.035), 'seedream-5-lite')],
    area: square2K,
    fields: { size: lite2K, output_format: format, ...answerFields },
  }),
  toFamily({
    models: [row('seedream-v5.0-lite/edit', usd(0.035), 'seedream-5-lite')],
    area: square2K,
    fields: { images, size: anySize, output_format: format, ...answerFields },
  }),
  toFamily({
    models: [row('seedream-v5.0-lite/sequential', each(0.035))],
    area: square2K,
    fields: { size: lite2K, max_images: count, output_format: format, ...answerFields },
  }),
  toFamily({
    models: [row('seedream-v5.0-lite/edit-sequential', each(0.035))],
    area: square2K,
    fields: { images, size: anySize, max_images: count, output_format: format, ...answerFields },
  }),
];

const v5 = [
  toFamily({
    models: [row('seedream-v5.0-pro', byResolution, 'seedream-5-pro')],
    fields: { aspect_ratio: square, ...pro },
  }),
  toFamily({
    models: [row('seedream-v5.0-pro/edit', byResolution, 'seedream-5-pro')],
    fields: { images, aspect_ratio: asPicture, ...pro },
  }),
  toFamily({ models: [row('seedream-v5.0-flash', usd(0.027))], fields: { aspect_ratio: square, ...flash } }),
  toFamily({
    models: [row('seedream-v5.0-flash/edit', usd(0.027))],
    fields: { images, aspect_ratio: asPicture, ...flash },
  }),
  toFamily({ models: [row('seedream-v5.5')], fields: { aspect_ratio: square, ...v55 } }),
  toFamily({ models: [row('seedream-v5.5/edit')], fields: { images, aspect_ratio: asPicture, ...v55 } }),
];

/** The Seedream and Dreamina line. To add a model, add a row; to add a set of parameters, add a sheet. */
export const families = [...v3, ...v4, ...v5Lite, ...v5];

/** A model that no table knows: its fields go out as `providerOptions.wavespeed` has them. */
export const generic: Family = { models: [], accepts: {}, fields: 'any', toWire: () => ({}) };
