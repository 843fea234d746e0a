import type { FieldSpec } from '@imageport/core';

type Limits = Partial<Record<Limit, number>>;
type Limit = 'min' | 'max' | 'minArea' | 'maxArea' | 'maxRatio' | 'multipleOf';

/** Of two limits, the one that lets less through. */
const narrower: Readonly<Record<Limit, (a: number, b: number) => number>> = {
  min: Math.max,
  minArea: Math.max,
  max: Math.min,
  maxArea: Math.min,
  maxRatio: Math.min,
  multipleOf: Math.max,
};
const limits = Object.keys(narrower) as readonly Limit[];

/**
 * A field as the list has it, with the limits that the tables have of it: some stand only in texts, which are not read here. Where
 * both say something the narrower counts, unless nothing would be left. A field of another type is another field.
 */
export function narrow(listed: FieldSpec, known: FieldSpec | undefined): FieldSpec {
  if (known === undefined || kindOf(known) !== kindOf(listed)) return listed;
  const [a, b] = [listed as Limits, known as Limits];
  const both = limits.flatMap((name) => {
    const [one, other] = [a[name] ?? b[name], b[name] ?? a[name]];
    return one === undefined || other === undefined ? [] : [[name, narrower[name](one, other)] as const];
  });
  const narrowed: Limits = Object.fromEntries(both);
  return isEmpty(narrowed) ? listed : ({ ...listed, ...narrowed } as FieldSpec);
}

const kindOf = ({ type }: FieldSpec): string => (type === 'integer' ? 'number' : type);

const isEmpty = ({ min = -Infinity, max = Infinity, minArea = 0, maxArea = Infinity }: Limits): boolean =>
  min > max || minArea > maxArea;
