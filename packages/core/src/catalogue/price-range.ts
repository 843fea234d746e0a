import type { Family, FieldSpec, ModelRow } from '../contract/family.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Cost } from '../contract/result.ts';

/** What jobs of one model cost, by the fields that its price depends on. */
export interface PriceRange {
  /** With nothing but what must be there; may be unknown. */
  readonly usual: Cost;
  readonly least: KnownCost;
  readonly most: KnownCost;
  /**
   * Why there may be other prices: some choices have one that nobody knows, something that counts has no most, or there are more
   * combinations than were tried. Absent: these are the bounds.
   */
  readonly but?: 'unknown' | 'more' | 'about';
}

type KnownCost = Exclude<Cost, { source: 'unknown' }>;

/** Combinations that are tried; the hosts' models have some hundreds. */
const mostTries = 20_000;
/** A range of whole numbers is tried as a whole up to this length, else at its ends: prices grow with numbers. */
const mostNumbers = 40;

/** The least and the most that a job costs, over all that may be asked. Undefined where no price is known. */
export function priceRange({ price }: ModelRow, family: Family): PriceRange | undefined {
  if (price === undefined) return undefined;
  if (typeof price !== 'function') return price.source === 'unknown' ? undefined : toRange(price, [price], undefined);
  const read = new Set<string>();
  const ask = (fields: JsonObject, prompt = ''): Cost => price(watched(fields, read), prompt);
  const choices = new Map<string, Choices>();
  const usual = ask({}, 'x');
  let costs: Cost[] = [usual];
  let isCut = false;
  // Which fields a price reads may depend on others: all are known when no combination reads a new one.
  while ([...read].some((name) => !choices.has(name))) {
    for (const name of read) if (!choices.has(name)) choices.set(name, choicesOf(name, family));
    const all = combine([...choices], mostTries);
    isCut = all.isCut;
    costs = all.combinations.map(({ prompt = 'x', ...fields }) => ask(fields, String(prompt)));
  }
  const isOpen = [...choices.values()].some((each) => each.isOpen);
  const known = costs.filter((cost) => cost.source !== 'unknown');
  const but = isCut ? 'about' : isOpen ? 'more' : known.length < costs.length ? 'unknown' : undefined;
  return known.length === 0 ? undefined : toRange(usual, known, but);
}

function toRange(usual: Cost, known: readonly KnownCost[], but: PriceRange['but']): PriceRange | undefined {
  const [least, most] = [Math.min, Math.max].map((pick) => {
    const amount = pick(...known.map((cost) => cost.amount));
    return known.find((cost) => cost.amount === amount);
  });
  return least && most && { usual, least, most, ...(but ? { but } : {}) };
}

/** The fields, telling which of them were looked at. */
const watched = (fields: JsonObject, read: Set<string>): JsonObject =>
  new Proxy(fields, {
    get: (target, name) => Reflect.get(target, seen(name, read)),
    has: (target, name) => Reflect.has(target, seen(name, read)),
  });

function seen(name: string | symbol, read: Set<string>): string | symbol {
  if (typeof name === 'string') read.add(name);
  return name;
}

/** What is tried of a field; undefined stands for leaving it out. */
interface Choices {
  readonly values: readonly (Json | undefined)[];
  /** There is more than these values, without a most. */
  readonly isOpen?: boolean;
}

function choicesOf(name: string, { fields, required = [], maxPrompt }: Family): Choices {
  const spec = fields !== 'any' && Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (name === 'prompt') {
    const longest = maxPrompt ?? (spec?.type === 'text' ? spec.max : undefined);
    return longest === undefined ? { values: ['x'], isOpen: true } : { values: ['x', 'x'.repeat(longest)] };
  }
  if (!spec) return { values: [undefined] };
  const { values, isOpen = false } = valuesOf(spec);
  return { values: required.includes(name) && values.length > 0 ? values : [undefined, ...values], isOpen };
}

function valuesOf(spec: FieldSpec): Choices {
  switch (spec.type) {
    case 'choice':
      return { values: spec.values };
    case 'boolean':
      return { values: [false, true] };
    case 'integer':
    case 'number':
      return numbersOf(spec);
    case 'urls':
    case 'list': {
      const { min = 0, max } = spec;
      const counts = max === undefined ? [min] : [min, max];
      return { values: counts.map((count) => Array<Json>(count).fill('')), isOpen: max === undefined };
    }
    default:
      // Of texts only whether they are given can count.
      return { values: ['x'] };
  }
}

function numbersOf({ type, min, max }: Extract<FieldSpec, { type: 'integer' | 'number' }>): Choices {
  if (min === undefined || max === undefined) {
    return { values: [min, max].filter((end) => end !== undefined), isOpen: true };
  }
  if (type === 'number' || max - min >= mostNumbers) return { values: [min, max] };
  return { values: Array.from({ length: max - min + 1 }, (_, index) => min + index) };
}

type Combination = Readonly<Record<string, Json>>;

/** Every combination, or as many as are allowed. */
function combine(choices: readonly (readonly [string, Choices])[], most: number) {
  let combinations: Combination[] = [{}];
  let isCut = false;
  for (const [name, { values }] of choices) {
    const next = combinations.flatMap((each) =>
      values.map((value) => (value === undefined ? each : { ...each, [name]: value })),
    );
    isCut ||= next.length > most;
    // The first and the last of what there is, so that both ends of a range stay.
    combinations = next.length > most ? [...next.slice(0, most / 2), ...next.slice(-most / 2)] : next;
  }
  return { combinations, isCut };
}
