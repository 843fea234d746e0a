import type { Fit, Size } from '../contract/request.ts';
import { type Answer, adapted, changed, type Extent, exactly, sides, Unfit } from './extent.ts';
import { nearest, reduce, showSize, toNumber } from './ratio.ts';
import { parseSize } from './size.ts';

/** Pixels on a model that takes a few sizes and no others. */
export function forListedSize(sizes: readonly string[], size: Size, fit: Fit): Answer {
  const asked = showSize(size);
  if (sizes.includes(asked)) return exactly({ kind: 'pixels', ...size });
  if (fit === 'exact') throw new Unfit('size', `${asked} is not one of ${sizes.join(', ')}`);
  const nearby = nearest(sizes.map(toSize), (each) => {
    return Math.abs(Math.log(each.width / size.width)) + Math.abs(Math.log(each.height / size.height));
  });
  const reason = 'the nearest size that the model takes';
  return adapted({ kind: 'pixels', ...nearby }, { option: 'size', asked, sent: showSize(nearby), reason });
}

/** A ratio, or a resolution, on a model that takes a few sizes: the one that is both, if there is. */
export function ratioAsListedSize(sizes: readonly string[], { aspectRatio, resolution }: Extent, fit: Fit): Answer {
  const option = aspectRatio === undefined ? 'resolution' : 'aspectRatio';
  const asked = [aspectRatio, resolution].filter(Boolean).join(' ');
  const ratio = aspectRatio ?? '1:1';
  const all = sizes.map(toSize);
  const area = resolution ? sides[resolution] ** 2 : (all[0]?.width ?? 0) * (all[0]?.height ?? 0);
  const fitting = all.filter((size) => reduce(size) === ratio && (!resolution || isAbout(size, area)));
  if (fitting.length === 0 && fit === 'exact') throw new Unfit(option, `${asked} is not one of ${sizes.join(', ')}`);
  const size = nearest(fitting.length > 0 ? fitting : all, ({ width, height }) => {
    return 4 * Math.abs(Math.log(width / height / toNumber(ratio))) + Math.abs(Math.log((width * height) / area));
  });
  const reason = fitting.length > 0 ? 'the model takes only pixels' : 'the nearest size that the model takes';
  return adapted({ kind: 'pixels', ...size }, changed(option, asked, showSize(size), reason));
}

/** The area of a resolution, give or take a quarter: hosts round to their own sizes. */
const isAbout = ({ width, height }: Size, area: number): boolean => Math.abs(Math.log((width * height) / area)) < 0.3;

function toSize(text: string): Size {
  const size = parseSize(text);
  if (!size) throw new TypeError(`a table names the size ${text}`);
  return size;
}
