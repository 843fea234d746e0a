import { outputFormats, resolutions } from '../../../src/contract/request.ts';
import type { Accepts, PixelRange } from '../../../src/index.ts';
import type { Asked, Subject, Trial } from './trials.ts';
import { picture } from './values.ts';

type Ask = readonly [asked: Asked, expected: Trial['expected']];

/** Every neutral option of a model at its bounds and one beyond; what it does not take is refused whatever is given. */
export function neutralTrials({ family: { accepts, maxPrompt, task } }: Subject): Trial[] {
  const byOption: Readonly<Record<string, readonly Ask[]>> = {
    prompt: prompts(accepts, maxPrompt),
    size: sizes(accepts),
    ratio: ratios(accepts),
    resolution: options(resolutions, accepts.geometry?.resolutions ?? [], 'resolution', isFree(accepts)),
    references: references(accepts),
    mask: masks(accepts),
    seed: [
      [{ options: { seed: 0 } }, accepts.seed ? 'valid' : 'refused'],
      [{ options: { seed: 2_147_483_647 } }, accepts.seed ? 'valid' : 'refused'],
    ],
    format: options(outputFormats, accepts.outputFormats ?? [], 'outputFormat', false),
    expansion: [[{ options: { promptExpansion: true } }, accepts.promptExpansion ? 'valid' : 'refused']],
    // Where a host has no such flag the picture is the same, so nothing is refused.
    sync: [[{ options: { sync: true } }, 'valid']],
    base64: [[{ options: { responseFormat: 'base64' } }, 'valid']],
    scale:
      task === 'upscale'
        ? [1, 2, 3, 4, 6, 8].map(
            (scale): Ask => [{ request: { scale } }, accepts.scales?.includes(scale) ? 'valid' : 'refused'],
          )
        : [],
  };
  return Object.entries(byOption).flatMap(([option, asks]) =>
    asks.map(([asked, expected]) => ({ option, asked, expected })),
  );
}

function prompts({ prompt = 'required' }: Accepts, maxPrompt: number | undefined): Ask[] {
  if (prompt === 'none') return [[{ options: { prompt: 'a pier' } }, 'refused']];
  return [
    [{ options: { prompt: 'a pier' } }, 'valid'],
    [{ options: { prompt: '' } }, prompt === 'required' ? 'refused' : 'valid'],
    ...(maxPrompt === undefined ? [] : longest(maxPrompt)),
  ];
}

const longest = (most: number): Ask[] => [
  [{ options: { prompt: 'x'.repeat(most) } }, 'valid'],
  [{ options: { prompt: 'x'.repeat(most + 1) } }, 'refused'],
];

/** Pixels only, so that a ratio or a resolution becomes pixels where there are any that fit. */
const isFree = ({ geometry }: Accepts): boolean =>
  geometry?.ratios === undefined &&
  geometry?.resolutions === undefined &&
  (geometry?.pixels ?? geometry?.sizes) !== undefined;

function sizes({ geometry = {} }: Accepts): Ask[] {
  const { pixels, sizes: listed } = geometry;
  const ask = (size: string, expected: Trial['expected']): Ask => [
    { options: { size: size as `${number}*${number}` } },
    expected,
  ];
  if (listed) return [...listed.map((size) => ask(size, 'valid')), ask('1001*1003', 'refused')];
  if (!pixels) return geometry.known ? [] : [ask('1024*1024', 'refused')];
  const { least, most } = squares(pixels);
  return [
    ask(`${least}*${least}`, 'valid'),
    ask(`${most}*${most}`, 'valid'),
    ...((pixels.min ?? 1) > 1 ? [ask(`${(pixels.min ?? 1) - 1}*${pixels.max ?? 1024}`, 'refused')] : []),
    ...(pixels.max === undefined ? [] : [ask(`${pixels.max + 1}*${pixels.max}`, 'refused')]),
  ];
}

function squares({ min = 1, max = 4096, minArea = 0, maxArea = Infinity, multipleOf = 1 }: PixelRange): {
  least: number;
  most: number;
} {
  const step = (side: number, round: (value: number) => number): number => round(side / multipleOf) * multipleOf;
  return {
    least: step(Math.max(min, Math.sqrt(minArea)), Math.ceil),
    most: step(Math.min(max, Math.sqrt(maxArea)), Math.floor),
  };
}

function ratios({ geometry = {} }: Accepts): Ask[] {
  const { ratios: known } = geometry;
  const ask = (ratio: string, expected: Trial['expected']): Ask => [
    { options: { aspectRatio: ratio as `${number}:${number}` } },
    expected,
  ];
  if (known === 'any') return [ask('1:1', 'valid'), ask('17:13', 'valid')];
  if (known) return [...known.map((ratio) => ask(ratio, 'valid')), ask('97:89', 'refused')];
  return geometry.pixels || geometry.sizes ? [] : [ask('1:1', 'refused')];
}

function options<Name extends string>(
  all: readonly Name[],
  known: readonly Name[],
  option: string,
  isFree: boolean,
): Ask[] {
  if (isFree) return [];
  return all.map((name) => [{ options: { [option]: name } }, known.includes(name) ? 'valid' : 'refused']);
}

function references({ images: { min, max } = { min: 0, max: 0 } }: Accepts): Ask[] {
  const ask = (count: number, expected: Trial['expected']): Ask => [
    { options: { images: Array.from({ length: count }, (_, index) => `${picture}?${index}`) } },
    expected,
  ];
  return [
    ...(min > 0 ? [ask(min - 1, 'refused'), ask(min, 'valid')] : []),
    ...(max === Infinity ? [ask(20, 'valid')] : [...(max > 0 ? [ask(max, 'valid')] : []), ask(max + 1, 'refused')]),
  ];
}

function masks({ mask, images }: Accepts): Ask[] {
  const asked = {
    options: { mask: picture, images: [picture, `${picture}?1`].slice(0, Math.max(1, images?.min ?? 1)) },
  };
  return [[asked, mask ? 'valid' : 'refused']];
}
