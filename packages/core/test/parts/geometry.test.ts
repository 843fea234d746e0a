import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Geometry, PixelRange } from '../../src/contract/family.ts';
import type { Fit, Resolution, Size } from '../../src/contract/request.ts';
import { Unfit } from '../../src/request/extent.ts';
import { resolveGeometry } from '../../src/request/geometry.ts';
import { outside } from '../../src/request/pixel-range.ts';
import { parseSize } from '../../src/request/size.ts';

interface Extent {
  size?: Size;
  aspectRatio?: string;
  resolution?: Resolution;
}

const pixels: PixelRange = { min: 512, max: 2048 };
const limited: PixelRange = { min: 1440, max: 8192, minArea: 3_686_400, maxArea: 16_777_216 };
const named: Geometry = {
  ratios: ['1:1', '16:9', '9:16'],
  resolutions: ['1K', '2K'],
  known: { '2K': { '1:1': [2048, 2048], '16:9': [2560, 1440] } },
};

const resolve = (geometry: Geometry, extent: Extent, fit: Fit = 'exact') => resolveGeometry(geometry, extent, fit);
const size = (text: string): Size => parseSize(text) ?? { width: 0, height: 0 };

function problem(work: () => unknown): Unfit {
  try {
    work();
  } catch (error) {
    if (error instanceof Unfit) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a size in words', () => {
  test.each([
    ['2048*2048', 2048, 2048],
    ['1024x768', 1024, 768],
    ['1024X768', 1024, 768],
    ['1024×768', 1024, 768],
    [' 1x1 ', 1, 1],
    ['99999*1', 99_999, 1],
  ])('%s is read', (text, width, height) => expect(parseSize(text)).toEqual({ width, height }));

  test.each(['', 'x', '1024', '1024x', 'x1024', '0x5', '01x5', '5x0', '-5x5', '1.5x2', '1e3x5', '100000x5', '5x5x5'])(
    '%j is not a size',
    (text) => expect(parseSize(text)).toBeUndefined(),
  );

  test('every size that is shown can be read again', () => {
    const side = fc.integer({ min: 1, max: 99_999 });
    fc.assert(
      fc.property(side, side, fc.constantFrom('*', 'x', 'X', '×'), (width, height, sign) => {
        expect(parseSize(`${width}${sign}${height}`)).toEqual({ width, height });
      }),
    );
  });
});

describe('nothing asked for', () => {
  test.each<[string, Geometry]>([
    ['takes pixels', { pixels }],
    ['takes names', named],
    ['takes nothing', {}],
  ])('leaves the size of a model that %s to the host', (_, geometry) => {
    expect(resolve(geometry, {})).toEqual({ shape: { kind: 'default' }, adaptations: [] });
  });
});

describe('pixels on a model that takes pixels', () => {
  test.each(['512*512', '2048*2048', '512*2048', '1000*777'])('%s goes out as it is', (text) => {
    expect(resolve({ pixels }, { size: size(text) })).toEqual({
      shape: { kind: 'pixels', ...size(text) },
      adaptations: [],
    });
  });

  test.each<[string, PixelRange, string]>([
    ['511*512', pixels, 'too small'],
    ['512*2049', pixels, 'too large'],
    ['1440*1440', limited, 'too few pixels'],
    ['8000*8000', limited, 'too many pixels'],
  ])('%s is refused as it stands, with the limits', (text, range, word) => {
    const { option, message, invalid } = problem(() => resolve({ pixels: range }, { size: size(text) }));
    expect(option).toBe('size');
    expect(invalid).toBe(false);
    expect(message).toContain(word);
    expect(message).toContain(`${range.min} to ${range.max} pixels per side`);
  });

  test('the nearest size is reported with what was asked', () => {
    expect(resolve({ pixels }, { size: size('4096*4096') }, 'nearest')).toMatchObject({
      shape: { kind: 'pixels', width: 2048, height: 2048 },
      adaptations: [{ option: 'size', asked: '4096*4096', sent: '2048*2048' }],
    });
  });

  const anyRange = fc
    .record({
      min: fc.integer({ min: 256, max: 1440 }),
      span: fc.integer({ min: 1024, max: 8192 }),
      share: fc.double({ min: 0.3, max: 1, noNaN: true }),
    })
    .map(({ min, span, share }): PixelRange => {
      const max = min + span;
      return { min, max, minArea: min * min, maxArea: Math.max(4 * min * min, Math.floor(max * max * share)) };
    });
  const side = fc.integer({ min: 1, max: 20_000 });

  test('the nearest size is always one that the model takes', () => {
    fc.assert(
      fc.property(anyRange, side, side, (range, width, height) => {
        const { shape } = resolve({ pixels: range }, { size: { width, height } }, 'nearest');
        expect(shape.kind).toBe('pixels');
        if (shape.kind === 'pixels') expect(outside(shape, range)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('the nearest size keeps the shape where only the area is over the limit', () => {
    const range = { min: 512, max: 4096, minArea: 512 * 512, maxArea: 1_000_000 };
    fc.assert(
      fc.property(
        fc.integer({ min: 1200, max: 4000 }),
        fc.double({ min: 1, max: 1.9, noNaN: true }),
        (width, ratio) => {
          const asked = { width, height: Math.round(width / ratio) };
          fc.pre(asked.width * asked.height > range.maxArea);
          const { shape } = resolve({ pixels: range }, { size: asked }, 'nearest');
          if (shape.kind !== 'pixels') throw new Error(shape.kind);
          expect(shape.width / shape.height).toBeCloseTo(asked.width / asked.height, 1);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('pixels on a model that takes names', () => {
  test('become the name that is documented to be the same', () => {
    expect(resolve(named, { size: size('2560*1440') })).toEqual({
      shape: { kind: 'ratio', resolution: '2K', ratio: '16:9' },
      adaptations: [{ option: 'size', asked: '2560*1440', sent: '2K 16:9', reason: 'the same pixels, by name' }],
    });
  });

  test('are refused where no name is the same, with the way out', () => {
    const { option, message } = problem(() => resolve(named, { size: size('2000*2000') }));
    expect(option).toBe('size');
    expect(message).toContain("fit: 'nearest'");
    expect(message).toContain('resolution 1K or 2K with an aspect ratio');
  });

  test.each([
    ['2000*2000', '2K', '1:1'],
    ['1000*1000', '1K', '1:1'],
    ['1900*1000', '1K', '16:9'],
    ['1200*2600', '2K', '9:16'],
  ])('%s is nearest to %s %s', (text, resolution, ratio) => {
    expect(resolve(named, { size: size(text) }, 'nearest')).toMatchObject({
      shape: { kind: 'ratio', resolution, ratio },
      adaptations: [{ option: 'size', asked: text, sent: `${resolution} ${ratio}` }],
    });
  });

  test('become a ratio in lowest terms where any ratio goes', () => {
    expect(resolve({ ratios: 'any' }, { size: size('1920*1080') }, 'nearest')).toMatchObject({
      shape: { kind: 'ratio', ratio: '16:9' },
      adaptations: [{ option: 'size', asked: '1920*1080', sent: '16:9' }],
    });
  });

  test.each<[string, Geometry, Fit]>([
    ['nothing at all', {}, 'exact'],
    ['nothing at all, even nearly', {}, 'nearest'],
  ])('are refused by a model that takes %s', (_, geometry, fit) => {
    expect(problem(() => resolve(geometry, { size: size('1024*1024') }, fit)).option).toBe('size');
  });

  test.each<[string, Geometry]>([
    ['ratios', { ratios: [] }],
    ['resolutions', { ratios: ['1:1'], resolutions: [] }],
  ])('an empty list of %s is a refusal or the rest of the name, never a crash', (_, geometry) => {
    try {
      resolve(geometry, { size: size('1024*1024') }, 'nearest');
      resolve(geometry, { aspectRatio: '3:2' }, 'nearest');
    } catch (error) {
      expect(error).toBeInstanceOf(Unfit);
    }
  });
});

describe('a ratio on a model that takes names', () => {
  test('goes out as it is, with the resolution', () => {
    expect(resolve(named, { aspectRatio: '16:9', resolution: '2K' })).toEqual({
      shape: { kind: 'ratio', ratio: '16:9', resolution: '2K' },
      adaptations: [],
    });
    expect(resolve(named, { resolution: '1K' }).shape).toEqual({ kind: 'ratio', resolution: '1K' });
    expect(resolve({ ratios: 'any' }, { aspectRatio: '7:5' }).shape).toEqual({ kind: 'ratio', ratio: '7:5' });
  });

  test('is refused with the list', () => {
    const { option, message } = problem(() => resolve(named, { aspectRatio: '3:2' }));
    expect([option, message]).toEqual(['aspectRatio', '3:2 is not one of 1:1, 16:9, 9:16']);
  });

  test('a resolution is refused with the list', () => {
    const { option, message } = problem(() => resolve(named, { resolution: '4K' }));
    expect([option, message]).toEqual(['resolution', '4K is not one of 1K, 2K']);
  });

  test('a resolution that no word exists for is refused even nearly', () => {
    expect(problem(() => resolve({ ratios: 'any' }, { resolution: '2K' }, 'nearest')).option).toBe('resolution');
  });

  test('the nearest ratio and the nearest resolution are both reported', () => {
    const { shape, adaptations } = resolve(named, { aspectRatio: '21:9', resolution: '4K' }, 'nearest');
    expect(shape).toEqual({ kind: 'ratio', ratio: '16:9', resolution: '2K' });
    expect(adaptations).toMatchObject([
      { option: 'aspectRatio', asked: '21:9', sent: '16:9' },
      { option: 'resolution', asked: '4K', sent: '2K' },
    ]);
  });

  test('a resolution alone is enough for a model that has only resolutions', () => {
    expect(resolve({ resolutions: ['1K', '2K'] }, { resolution: '2K' }).shape).toEqual({
      kind: 'ratio',
      resolution: '2K',
    });
  });
});

describe('a ratio on a model that takes only pixels', () => {
  const geometry: Geometry = { pixels, area: 1024 * 1024 };

  test.each([
    ['1:1', 1024, 1024],
    ['16:9', 1360, 765],
    ['9:16', 765, 1360],
    ['4:1', 2048, 512],
  ])('%s becomes %d*%d and says so', (aspectRatio, width, height) => {
    expect(resolve(geometry, { aspectRatio })).toMatchObject({
      shape: { kind: 'pixels', width, height },
      adaptations: [{ option: 'aspectRatio', asked: aspectRatio, sent: `${width}*${height}` }],
    });
  });

  test('a resolution decides the area', () => {
    expect(resolve(geometry, { resolution: '2K' }).shape).toEqual({ kind: 'pixels', width: 2048, height: 2048 });
    expect(resolve(geometry, { resolution: '2K' }).adaptations).toMatchObject([{ option: 'resolution', asked: '2K' }]);
    expect(resolve(geometry, { aspectRatio: '1:1', resolution: '1.5K' }).shape).toMatchObject({ width: 1536 });
  });

  test.each<[string, Extent]>([
    ['too large a resolution', { resolution: '4K' }],
    ['too large a resolution with a ratio', { aspectRatio: '1:1', resolution: '4K' }],
  ])('%s is refused as it stands instead of sold smaller', (_, extent) => {
    expect(problem(() => resolve(geometry, extent)).message).toContain('512 to 2048');
  });

  test('too small a resolution is refused as it stands instead of sold larger', () => {
    expect(problem(() => resolve({ pixels: limited }, { resolution: '1K' })).message).toContain('1440 to 8192');
  });

  test('an impossible ratio is refused with the limits', () => {
    const { option, message } = problem(() => resolve(geometry, { aspectRatio: '9:1' }));
    expect(option).toBe('aspectRatio');
    expect(message).toContain('512 to 2048 pixels per side');
  });

  test('without a documented area the way out is named', () => {
    expect(problem(() => resolve({ pixels }, { aspectRatio: '16:9' })).message).toContain('`resolution`');
  });

  test.each<[Extent, string]>([
    [{ aspectRatio: '1:1' }, 'aspectRatio'],
    [{ resolution: '2K' }, 'resolution'],
  ])('%j is refused where the size cannot be chosen', (extent, option) => {
    expect(problem(() => resolve({}, extent)).option).toBe(option);
  });

  test('the pixels have exactly the ratio and keep every limit', () => {
    const part = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        part,
        part,
        fc.constantFrom(pixels, limited),
        fc.constantFrom(1_048_576, 4_194_304),
        (w, h, range, area) => {
          let answer: ReturnType<typeof resolve>;
          try {
            answer = resolve({ pixels: range, area }, { aspectRatio: `${w}:${h}` });
          } catch (error) {
            if (error instanceof Unfit) return;
            throw error;
          }
          const { shape } = answer;
          if (shape.kind !== 'pixels') throw new Error(shape.kind);
          expect(shape.width * h).toBe(shape.height * w);
          expect(outside(shape, range)).toBeUndefined();
          expect(Number.isInteger(shape.width) && shape.width > 0).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a list of ratios in the words of the host', () => {
  const wide: Geometry = { ratios: ['1:1', '21:9', '9:21'] };

  test.each([
    ['7:3', '21:9'],
    ['3:7', '9:21'],
  ])('%s in lowest terms is its %s', (aspectRatio, ratio) => {
    expect(resolve(wide, { aspectRatio })).toEqual({ shape: { kind: 'ratio', ratio }, adaptations: [] });
  });
});

describe('a model with a few sizes', () => {
  const few: Geometry = { sizes: ['1024*1024', '1024*1536', '1536*1024'] };

  test('takes one of them', () => {
    expect(resolve(few, { size: size('1024x1536') }).shape).toEqual({ kind: 'pixels', width: 1024, height: 1536 });
  });

  test('refuses another and names them', () => {
    expect(problem(() => resolve(few, { size: size('1024x1535') })).message).toContain('1024*1536, 1536*1024');
  });

  test('makes a ratio the size that has it', () => {
    const { shape, adaptations } = resolve(few, { aspectRatio: '3:2' });
    expect(shape).toEqual({ kind: 'pixels', width: 1536, height: 1024 });
    expect(adaptations).toMatchObject([{ option: 'aspectRatio', asked: '3:2', sent: '1536*1024' }]);
  });

  test.each<[Extent, string]>([
    [{ aspectRatio: '16:9' }, 'aspectRatio'],
    [{ resolution: '4K' }, 'resolution'],
  ])('refuses %j, which none of them is, and takes the nearest when told to', (extent, option) => {
    expect(problem(() => resolve(few, extent))).toMatchObject({ option, invalid: false });
    const { shape } = resolve(few, extent, 'nearest');
    expect(few.sizes).toContain(shape.kind === 'pixels' ? `${shape.width}*${shape.height}` : '');
  });

  test('takes the nearest of a size when told to', () => {
    expect(resolve(few, { size: size('900x1400') }, 'nearest').shape).toMatchObject({ width: 1024, height: 1536 });
  });
});

describe('limits beyond those of the sides', () => {
  const steps: PixelRange = { min: 512, max: 2048, multipleOf: 8 };
  const stout: PixelRange = { min: 512, max: 8192, maxRatio: 8 };

  test.each<[PixelRange, string, string]>([
    [steps, '1001*1024', 'not in steps of 8'],
    [stout, '512*4104', 'too long and narrow'],
  ])('%j refuses %s: %s', (range, text, words) => {
    expect(problem(() => resolve({ pixels: range }, { size: size(text) })).message).toContain(words);
  });

  test('the nearest size keeps all of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 9000 }), (width, height) => {
        for (const range of [steps, stout, { ...stout, multipleOf: 16, minArea: 589_824, maxArea: 4_194_304 }]) {
          const { shape } = resolve({ pixels: range }, { size: { width, height } }, 'nearest');
          if (shape.kind !== 'pixels') throw new Error('no pixels');
          expect(outside(shape, range), `${shape.width}*${shape.height}`).toBeUndefined();
        }
      }),
    );
  });

  test('a ratio becomes pixels in steps', () => {
    const { shape } = resolve({ pixels: steps, area: 1024 * 1024 }, { aspectRatio: '4:3' });
    expect(shape).toEqual({ kind: 'pixels', width: 1152, height: 864 });
  });
});
