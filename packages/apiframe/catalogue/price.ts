import type { Price } from '../src/catalogue/sheet.ts';
import { autoQuality } from './overrides.ts';
import type { RecordedPrice } from './recorded.ts';

/**
 * What counts of several pages: the later one, and where their order is not told the dearer, as a `maxCost` must hold. What is
 * only said to be about right is not known.
 */
export function toPrice(all: readonly RecordedPrice[] = []): Price | undefined {
  const exact = all.filter(({ about }) => !about);
  const later = exact.filter(({ date }) => !date.endsWith('spring'));
  const [first, ...others] = later.length > 0 ? later : exact;
  if (!first) return undefined;
  const { credits, per, date } = others.reduce((one, other) => (dearest(other) > dearest(one) ? other : one), first);
  return {
    ...(typeof credits === 'number' ? { credits } : { credits, by: 'quality', usual: autoQuality }),
    ...(per === undefined ? {} : { per }),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(date) ? { asOf: date } : {}),
  };
}

const dearest = ({ credits }: RecordedPrice): number =>
  Math.max(...(typeof credits === 'number' ? [credits] : Object.values(credits)));
