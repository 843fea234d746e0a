import type { Geometry, MaxCost, Task } from '@imageport/core';
import type { Listing } from '../catalogue.ts';

/** What `imageport models` is asked for. */
export interface Wanted {
  readonly provider?: string | undefined;
  readonly task?: Task | undefined;
  readonly takes?: readonly Ability[] | undefined;
  readonly ratio?: string | undefined;
  /** The most that the cheapest way of one job may cost, of those that have a price. */
  readonly under?: MaxCost | undefined;
  readonly search?: string | undefined;
}

/** What a model can be asked for, by the name that a user gives it. */
const abilities = {
  references: ({ accepts: { images } }) => (images?.max ?? 0) > 0 && !images?.onlyMasked,
  mask: ({ accepts }) => accepts.mask !== undefined,
  seed: ({ accepts }) => accepts.seed === true,
  size: ({ accepts: { geometry } }) => geometry?.pixels !== undefined || geometry?.sizes !== undefined,
  resolution: ({ accepts: { geometry } }) => (geometry?.resolutions?.length ?? 0) > 0,
  expansion: ({ accepts }) => accepts.promptExpansion === true,
  format: ({ accepts }) => accepts.outputFormats !== undefined,
  sync: ({ accepts }) => accepts.sync === true,
} as const satisfies Record<string, (listing: Listing) => boolean>;

export type Ability = keyof typeof abilities;
export const abilityNames = Object.keys(abilities) as Ability[];

export const isFiltered = (wanted: Wanted): boolean => Object.values(wanted).some((value) => value !== undefined);

/** Whether a model is among those that were asked for. */
export function fits(listing: Listing, { provider, task, takes = [], ratio, under, search }: Wanted): boolean {
  return (
    (provider === undefined || listing.provider === provider) &&
    (task === undefined || listing.task === task) &&
    takes.every((ability) => abilities[ability](listing)) &&
    (ratio === undefined || hasRatio(listing.accepts.geometry, ratio)) &&
    (under === undefined || isUnder(listing, under)) &&
    (search === undefined || isNamed(listing, search))
  );
}

function hasRatio({ ratios, sizes = [], area }: Geometry = {}, ratio: string): boolean {
  const wanted = toNumber(ratio, ':');
  // Pixels of no usual area are not made of a ratio: there a size is needed.
  if (ratios === 'any' || (ratios === undefined && area !== undefined)) return true;
  if (ratios?.some((each) => toNumber(each, ':') === wanted)) return true;
  return sizes.some((size) => toNumber(size, '*') === wanted);
}

function toNumber(text: string, sign: string): number {
  const [width = 1, height = 1] = text.split(sign).map(Number);
  return width / height;
}

/** A price in a currency that was not named says nothing about the other. */
const isUnder = ({ price }: Listing, under: MaxCost): boolean =>
  price !== undefined && price.least.amount <= (under[price.least.currency] ?? -1);

/** Every word stands somewhere in an id. */
function isNamed({ ids, native, provider }: Listing, search: string): boolean {
  const names = [...ids, native, provider].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word));
}
