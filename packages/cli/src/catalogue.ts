import type { Accepts, Family, FieldSpec, Geometry, ModelRow } from '@imageport/core';
import { familiesOf, loadCatalogue, type PriceRange, priceRange } from '@imageport/core/catalogue';
import { hosts } from './hosts.ts';

/** One model at one host, as the adapter's table has it. */
export interface Listing {
  /** Portable ids; empty for a model that only this host has under its own id. */
  readonly ids: readonly string[];
  readonly provider: string;
  readonly native: string;
  readonly task: NonNullable<Family['task']>;
  readonly accepts: Accepts;
  readonly fields: Readonly<Record<string, FieldSpec>>;
  readonly required: readonly string[];
  /** It may take more fields than these. */
  readonly partly: boolean;
  /** Of one job. Absent: unknown. */
  readonly price: PriceRange | undefined;
  readonly gone: ModelRow['gone'];
}

/** Every model of every host; the large tables are loaded first. */
export async function openCatalogue(): Promise<Listing[]> {
  await Promise.all(hosts.map(({ adapter }) => loadCatalogue(adapter)));
  return catalogue();
}

/** The models of the tables that are loaded. */
export const catalogue = (): Listing[] =>
  hosts.flatMap(({ name, adapter }) =>
    familiesOf(adapter).flatMap((family) => family.models.map((row) => toListing(name, family, row))),
  );

function toListing(provider: string, family: Family, row: ModelRow): Listing {
  const { accepts, fields, task = 'generate', required = [], partly = false } = family;
  return {
    ...{ ids: row.ids, provider, native: row.native, task, accepts, required, partly, gone: row.gone },
    fields: fields === 'any' ? {} : fields,
    price: priceRange(row, family),
  };
}

/** The ids under which at least one host has a model, in the order of the tables. */
export const portableIds = (listings: readonly Listing[]): string[] =>
  [...new Set(listings.flatMap(({ ids }) => ids))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/** How large a picture can be, in words. */
export function describeGeometry({ pixels, sizes, ratios, resolutions, area: usual }: Geometry = {}): string[] {
  const { min = 1, max, minArea, maxArea } = pixels ?? {};
  const area = minArea && maxArea ? ` (${minArea} to ${maxArea} pixels in all)` : '';
  const byPixels = pixels
    ? [max === undefined ? (min > 1 ? `from ${min} px` : 'any size') : `${min} to ${max} px${area}`]
    : [];
  const bySize = sizes ? [sizes.map((size) => size.replace('*', 'x')).join(' ')] : [];
  const ratio = ratios === undefined ? (usual ? 'any' : undefined) : ratios === 'any' ? 'any' : ratios.join(' ');
  return [
    ...byPixels,
    ...bySize,
    ...(ratio === undefined ? [] : [ratio === 'any' ? 'any ratio' : `ratios ${ratio}`]),
    ...(resolutions?.length ? [resolutions.join(' ')] : []),
    ...(byPixels.length + bySize.length === 0 && ratio === undefined && !resolutions?.length
      ? ['size of its own choice']
      : []),
  ];
}

export function describeImages({ images }: Accepts): string[] {
  if (!images?.max) return [];
  if (images.onlyMasked) return ['a picture to be masked'];
  const noun = images.max === 1 ? 'reference picture' : 'reference pictures';
  if (images.max === Infinity) return [images.min > 0 ? `${images.min} or more ${noun}` : noun];
  if (images.min === images.max) return [`${images.max} ${noun}`];
  return [images.min > 0 ? `${images.min} to ${images.max} ${noun}` : `up to ${images.max} ${noun}`];
}
