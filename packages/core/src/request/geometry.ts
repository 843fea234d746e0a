import type { Geometry } from '../contract/family.ts';
import type { Adaptation, Fit, Resolution, Size } from '../contract/request.ts';
import { type Answer, adapted, changed, type Extent, exactly, sides, Unfit } from './extent.ts';
import { forListedSize, ratioAsListedSize } from './listed-sizes.ts';
import { clamp, describeRange, outside, sizeOfRatio } from './pixel-range.ts';
import { nearest, nearestRatio, reduce, showSize, toNumber, usual } from './ratio.ts';

/** Translates the requested size into what the model takes, or throws `Unfit`. Pure. */
export function resolveGeometry(geometry: Geometry, extent: Extent, fit: Fit): Answer {
  if (extent.size) return forSize(geometry, extent.size, fit);
  if (extent.aspectRatio === undefined && extent.resolution === undefined) return exactly({ kind: 'default' });
  // A request has lowest terms; what is shown and sent has the name that everybody knows.
  const { aspectRatio, ...rest } = extent;
  return forRatio(geometry, aspectRatio === undefined ? rest : { ...rest, aspectRatio: usual(aspectRatio) }, fit);
}

function forSize(geometry: Geometry, size: Size, fit: Fit): Answer {
  const asked = showSize(size);
  const { pixels } = geometry;
  if (pixels) {
    const problem = outside(size, pixels);
    if (!problem) return exactly({ kind: 'pixels', ...size });
    if (fit === 'exact') throw new Unfit('size', `${asked} is ${problem}; ${describeRange(pixels)}`);
    const nearest = clamp(size, pixels);
    const reason = `the model takes ${describeRange(pixels)}`;
    return adapted({ kind: 'pixels', ...nearest }, { option: 'size', asked, sent: showSize(nearest), reason });
  }
  if (geometry.sizes) return forListedSize(geometry.sizes, size, fit);
  const match = findKnown(geometry, size);
  if (match) {
    const sent = `${match.resolution} ${match.ratio}`;
    return adapted({ kind: 'ratio', ...match }, { option: 'size', asked, sent, reason: 'the same pixels, by name' });
  }
  if (fit === 'exact') throw new Unfit('size', `${asked} cannot be had exactly; ${describeNames(geometry)}`);
  return nearestName(geometry, size);
}

function forRatio(geometry: Geometry, extent: Extent, fit: Fit): Answer {
  const { aspectRatio, resolution } = extent;
  const named = geometry.ratios ?? (aspectRatio === undefined && geometry.resolutions);
  if (!named) {
    return geometry.sizes ? ratioAsListedSize(geometry.sizes, extent, fit) : ratioAsPixels(geometry, extent, fit);
  }
  const adaptations: Adaptation[] = [];
  const listed = geometry.ratios === 'any' ? [] : (geometry.ratios ?? []);
  // A table has the host's own terms: it may say 7:3.
  const same = listed.find((each) => aspectRatio && toNumber(each) === toNumber(aspectRatio));
  let ratio = same ?? aspectRatio;
  if (ratio !== undefined && geometry.ratios && geometry.ratios !== 'any' && !listed.includes(ratio)) {
    if (fit === 'exact' || listed.length === 0)
      throw new Unfit('aspectRatio', `${ratio} is not one of ${listed.join(', ')}`);
    ratio = nearestRatio(listed, toNumber(ratio));
    adaptations.push(changed('aspectRatio', aspectRatio, ratio, 'the nearest ratio that the model takes'));
  }
  let tier = resolution;
  if (tier !== undefined && !geometry.resolutions?.includes(tier)) {
    const known = geometry.resolutions ?? [];
    if (fit === 'exact' || known.length === 0) throw new Unfit('resolution', `${tier} is not ${oneOf(known)}`);
    tier = nearestResolution(known, sides[tier] ** 2);
    adaptations.push(changed('resolution', resolution, tier, 'the nearest resolution that the model takes'));
  }
  return {
    shape: {
      kind: 'ratio',
      ...(ratio === undefined ? {} : { ratio }),
      ...(tier === undefined ? {} : { resolution: tier }),
    },
    adaptations,
  };
}

/** A ratio on a model that only takes pixels becomes pixels: of the resolution's area, else of the default area. */
function ratioAsPixels(geometry: Geometry, { aspectRatio, resolution }: Extent, fit: Fit): Answer {
  const { pixels } = geometry;
  const option = aspectRatio === undefined ? 'resolution' : 'aspectRatio';
  if (!pixels) throw new Unfit(option, 'the size cannot be chosen');
  const area = resolution ? sides[resolution] ** 2 : geometry.area;
  if (area === undefined) throw new Unfit(option, 'no size is documented for it; give `size` or `resolution` as well');
  const found = sizeOfRatio(aspectRatio ?? '1:1', area, pixels);
  if (!found) throw new Unfit(option, `${aspectRatio ?? resolution} is not possible; ${describeRange(pixels)}`);
  const { size, clamped } = found;
  if (resolution && clamped && fit === 'exact') {
    throw new Unfit('resolution', `${resolution} is out of reach; ${describeRange(pixels)}`);
  }
  const asked = [aspectRatio, resolution].filter(Boolean).join(' ');
  const reason = clamped ? `the model takes ${describeRange(pixels)}` : 'the model takes only pixels';
  return adapted({ kind: 'pixels', ...size }, changed(option, asked, showSize(size), reason));
}

function nearestName(geometry: Geometry, size: Size): Answer {
  const ratio =
    geometry.ratios === 'any'
      ? usual(reduce(size))
      : geometry.ratios?.length && nearestRatio(geometry.ratios, size.width / size.height);
  if (!ratio) throw new Unfit('size', 'the size cannot be chosen');
  const resolution = geometry.resolutions?.length && nearestResolution(geometry.resolutions, size.width * size.height);
  const sent = [resolution, ratio].filter(Boolean).join(' ');
  const reason = 'the model has no exact pixels';
  return adapted(
    { kind: 'ratio', ratio, ...(resolution ? { resolution } : {}) },
    changed('size', showSize(size), sent, reason),
  );
}

function findKnown(geometry: Geometry, size: Size): { resolution: Resolution; ratio: string } | undefined {
  for (const [resolution, ratios] of Object.entries(geometry.known ?? {})) {
    for (const [ratio, [width, height]] of Object.entries(ratios)) {
      if (width === size.width && height === size.height) return { resolution: resolution as Resolution, ratio };
    }
  }
  return undefined;
}

const nearestResolution = (known: readonly Resolution[], area: number): Resolution =>
  nearest(known, (name) => Math.abs(Math.log(sides[name] ** 2 / area)));

const oneOf = (known: readonly string[]): string => (known.length ? `one of ${known.join(', ')}` : 'a choice here');

function describeNames({ resolutions, ratios }: Geometry): string {
  const names = [resolutions?.length ? `resolution ${resolutions.join(' or ')}` : '', ratios ? 'an aspect ratio' : ''];
  const takes = names.filter(Boolean).join(' with ');
  return takes ? `the model takes ${takes}, or give fit: 'nearest'` : 'the size cannot be chosen';
}
