import type { Cost, FieldSpec, JsonObject } from '@imageport/core';

/**
 * A price out of the fields that are sent, in millionths of a dollar. A text is the value of that field, its default, or
 * `base_price`; a list is an operation and its operands.
 */
export type PriceTerm = number | string | PriceOperation;

export interface PriceOperation extends ReadonlyArray<PriceTerm> {
  readonly 0: string;
}

export interface Listed {
  /** Base price in USD. */
  readonly usd: number;
  /** The day of the list that it is from. */
  readonly asOf: string;
  /** Absent: the base price is the price. */
  readonly term?: PriceTerm | undefined;
}

/** What the list says that a job costs. */
export function toPrice({ usd, asOf, term }: Listed, fields: Readonly<Record<string, FieldSpec>>) {
  const listed = (amount: number): Cost =>
    Number.isFinite(amount) ? { amount, currency: 'USD', source: 'listed', asOf } : { source: 'unknown' };
  if (term === undefined) return listed(usd);
  return (sent: JsonObject, prompt: string): Cost => {
    const look = (name: string): unknown => {
      if (name === 'base_price') return usd * 1e6;
      const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const usual = spec && 'default' in spec ? spec.default : undefined;
      return sent[name] ?? (name === 'prompt' ? prompt : usual);
    };
    return listed(Math.round(number(evaluate(term, look))) / 1e6);
  };
}

type Value = (operand: PriceTerm | undefined) => unknown;

const evaluate = (term: PriceTerm | undefined, look: (name: string) => unknown): unknown => {
  if (typeof term === 'string') return look(term);
  if (typeof term !== 'object') return term;
  const [, ...operands] = term;
  return operations[term[0]]?.(operands, (operand) => evaluate(operand, look)) ?? Number.NaN;
};

/** What is not given counts once. */
const number = (value: unknown): number => (value === undefined ? 1 : Number(value));

type Operation = (operands: readonly PriceTerm[], value: Value) => unknown;

const ofTwo =
  (calculate: (a: number, b: number) => unknown): Operation =>
  ([a, b], value) =>
    calculate(number(value(a)), number(value(b)));

const operations: Readonly<Record<string, Operation>> = {
  '*': ofTwo((a, b) => a * b),
  '/': ofTwo((a, b) => a / b),
  '+': ofTwo((a, b) => a + b),
  '<=': ofTwo((a, b) => a <= b),
  /** The second operand stands for itself. */
  '=': ([a, b], value) => value(a) === b,
  '?': ([condition, yes, no], value) => value(value(condition) ? yes : no),
  and: ([a, b], value) => Boolean(value(a) && value(b)),
  or: ([a, b], value) => Boolean(value(a) || value(b)),
  given: ([a], value) => value(a) !== undefined,
  ceil: ([a], value) => Math.ceil(number(value(a))),
  /** Items of a list, or characters of a text. */
  count: ([a], value) => [...((value(a) as string | readonly unknown[] | undefined) ?? [])].length,
};
