import type { Accepts, Cost, Family, Geometry, ModelRow } from '@imageport/core';
import { hosts } from './hosts.ts';

/** One model at one host, as the adapter's table has it. */
export interface Listing {
  /** Portable ids; empty for a model that only this host has under its own id. */
  readonly ids: readonly string[];
  readonly provider: string;
  readonly native: string;
  readonly accepts: Accepts;
  /** Every listed price of one picture, the usual one first. Empty: unknown. */
  readonly prices: readonly Cost[];
}

export const catalogue = (): Listing[] =>
  hosts.flatMap(({ name, adapter }) =>
    adapter.families.flatMap((family) =>
      family.models.map((row) => ({
        ids: row.ids,
        provider: name,
        native: row.native,
        accepts: family.accepts,
        prices: pricesOf(row, family),
      })),
    ),
  );

/** The ids under which at least one host has a model, in the order of the tables. */
export const portableIds = (listings: readonly Listing[]): string[] =>
  [...new Set(listings.flatMap(({ ids }) => ids))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/** A price that depends on a field is asked for each of the field's choices. */
function pricesOf({ price }: ModelRow, { fields }: Family): Cost[] {
  if (price === undefined) return [];
  if (typeof price !== 'function') return [price];
  const choices = Object.entries(fields).flatMap(([name, spec]) =>
    typeof spec === 'object' && spec.type === 'choice'
      ? spec.values.map((value: string | number) => ({ [name]: value }))
      : [],
  );
  const all = [{}, ...choices].map((each) => price(each, ''));
  return all.filter((cost, index) => all.findIndex(({ amount }) => amount === cost.amount) === index);
}

/** How large a picture can be, in words. */
export function describeGeometry({ pixels, ratios, resolutions }: Geometry = {}): string[] {
  const area = pixels?.minArea && pixels.maxArea ? ` (${pixels.minArea} to ${pixels.maxArea} pixels in all)` : '';
  const byPixels = pixels ? [`${pixels.min} to ${pixels.max} px${area}`] : [];
  const ratio = ratios === undefined ? (pixels ? 'any' : undefined) : ratios === 'any' ? 'any' : ratios.join(' ');
  return [
    ...byPixels,
    ...(ratio === undefined ? [] : [ratio === 'any' ? 'any ratio' : `ratios ${ratio}`]),
    ...(resolutions?.length ? [resolutions.join(' ')] : []),
    ...(byPixels.length === 0 && ratio === undefined ? ['size of its own choice'] : []),
  ];
}

export function describeImages({ images }: Accepts): string[] {
  if (!images?.max) return [];
  const noun = images.max === 1 ? 'reference picture' : 'reference pictures';
  if (images.min === images.max) return [`${images.max} ${noun}`];
  return [images.min > 0 ? `${images.min} to ${images.max} ${noun}` : `up to ${images.max} ${noun}`];
}
