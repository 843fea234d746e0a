import { isDeepStrictEqual } from 'node:util';
import type { Cost, FieldSpec, ListedModel, ListReading } from '@imageport/core';
import { describeField } from '@imageport/core/catalogue';

/** What a host's list says today beyond, or other than, the tables of this version. */
export interface Differences {
  /** How many models the list has. */
  readonly models: number;
  readonly added: readonly ListedModel[];
  /** The tables have it as gone, and it is in the list again. */
  readonly back: readonly ListedModel[];
  /** Ids that the list has no more; none where it was probably cut. */
  readonly gone: readonly string[];
  /** The list lacks more than a tenth of what it had: then it was probably cut. */
  readonly cut?: { readonly missing: number; readonly of: number };
  readonly changed: readonly ChangedModel[];
  /** Ids that the list has more than once. */
  readonly twice: readonly string[];
  /** What may make pictures, under a category that is not read. */
  readonly unread: NonNullable<ListReading['unread']>;
}

export interface ChangedModel {
  readonly id: string;
  readonly basePrice?: { readonly was: Cost | undefined; readonly is: Cost };
  /** What else the list says of it otherwise. */
  readonly facts?: readonly ChangedFact[];
  /** Its fields were known in part: now the list counts as all of them. */
  readonly whole?: true;
  readonly fields: readonly ChangedField[];
}

const facts = ['category', 'path', 'priceTerms'] as const;

export interface ChangedFact {
  readonly name: (typeof facts)[number];
  readonly was: string;
  readonly is: string;
}

/** `was` and `is` say in words what the field takes; one is absent where the field came or went. */
export interface ChangedField {
  readonly name: string;
  readonly was?: string;
  readonly is?: string;
  /** Where nothing but its choices changed. */
  readonly choices?: { readonly came: readonly Choice[]; readonly went: readonly Choice[] };
}

type Choice = string | number;

export const isSame = ({ added, back, gone, cut, changed, twice, unread }: Differences): boolean =>
  cut === undefined && [added, back, gone, changed, twice, unread].every(({ length }) => length === 0);

/** Compares the list with the tables, id by id and field by field. */
export function findDifferences({ tables, list, twice = [], unread = [] }: ListReading): Differences {
  const known = new Map(tables.map((model) => [model.id, model]));
  const listed = new Set(list.map(({ id }) => id));
  const live = tables.filter(({ gone }) => !gone);
  const missing = live.flatMap(({ id }) => (listed.has(id) ? [] : [id]));
  const isCut = missing.length > live.length / 10;
  return {
    models: list.length,
    added: list.filter(({ id }) => !known.has(id)),
    back: list.filter(({ id }) => known.get(id)?.gone),
    gone: isCut ? [] : missing,
    ...(isCut ? { cut: { missing: missing.length, of: live.length } } : {}),
    changed: list.flatMap((model) => {
      const before = known.get(model.id);
      return before ? compareModel(before, model) : [];
    }),
    ...{ twice, unread },
  };
}

function compareModel(was: ListedModel, is: ListedModel): ChangedModel[] {
  const fields = is.fields ? compareFields(was, is) : [];
  const moved = is.basePrice !== undefined && amountOf(is.basePrice) !== amountOf(was.basePrice);
  const others = compareFacts(was, is);
  if (fields.length === 0 && others.length === 0 && !moved) return [];
  return [
    {
      ...{ id: is.id, fields },
      ...(moved ? { basePrice: { was: was.basePrice, is: is.basePrice } } : {}),
      ...(others.length > 0 ? { facts: others } : {}),
      ...(was.partly && fields.length > 0 ? { whole: true } : {}),
    },
  ];
}

/** What the list does not say has not changed. */
const compareFacts = (was: ListedModel, is: ListedModel): ChangedFact[] =>
  facts.flatMap((name) => {
    const [before = '', now] = [was[name], is[name]];
    return now === undefined || now === before ? [] : [{ name, was: before, is: now }];
  });

const amountOf = (cost: Cost | undefined): string | undefined => cost && `${cost.amount} ${cost.currency}`;

function compareFields(was: ListedModel, is: ListedModel): ChangedField[] {
  const names = [...new Set([...Object.keys(was.fields ?? {}), ...Object.keys(is.fields ?? {})])];
  return names.flatMap((name) => {
    const [before, now] = [specOf(was, name), specOf(is, name)];
    const sameNeed = needs(was, name) === needs(is, name);
    if (sameNeed && isDeepStrictEqual(unordered(before), unordered(now))) return [];
    return [
      { name, ...wordsOf('was', was, name), ...wordsOf('is', is, name), ...(sameNeed ? choicesOf(before, now) : {}) },
    ];
  });
}

const specOf = ({ fields = {} }: ListedModel, name: string): FieldSpec | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

const needs = ({ required = [] }: ListedModel, name: string): boolean => required.includes(name);

function choicesOf(was: FieldSpec | undefined, is: FieldSpec | undefined): Pick<ChangedField, 'choices'> {
  if (was?.type !== 'choice' || is?.type !== 'choice' || was.default !== is.default) return {};
  const came = is.values.filter((value) => !was.values.includes(value));
  const went = was.values.filter((value) => !is.values.includes(value));
  return came.length + went.length > 0 ? { choices: { came, went } } : {};
}

/** The order in which a list has its choices says nothing. */
const unordered = (spec: FieldSpec | undefined): FieldSpec | undefined =>
  spec?.type === 'choice' ? { ...spec, values: spec.values.toSorted(byText) } : spec;

const byText = (one: Choice, other: Choice): number => (String(one) < String(other) ? -1 : 1);

function wordsOf(member: 'was' | 'is', model: ListedModel, name: string): Pick<ChangedField, 'was' | 'is'> {
  const spec = specOf(model, name);
  return spec ? { [member]: describe(spec, needs(model, name)) } : {};
}

/** "a whole number from 1 to 4, default 1, needed". */
function describe(spec: FieldSpec, isNeeded: boolean): string {
  const usual = 'default' in spec && spec.default !== undefined ? [`default ${spec.default}`] : [];
  const words = spec.type === 'choice' ? spec.values.toSorted(byText).join(', ') : describeField(spec);
  return [words, ...usual, ...(isNeeded ? ['needed'] : [])].join(', ');
}
