import type { Cost } from '@imageport/core';
import type { Io } from '../io.ts';
import { print } from '../terminal/write.ts';
import { showAmount } from '../words.ts';
import type { ChangedFact, ChangedField, ChangedModel, Differences } from './differences.ts';
import { isSame } from './differences.ts';

/** One host's differences, a model a line and what changed of it below. */
export function printDifferences(io: Io, provider: string, found: Differences): void {
  if (isSame(found)) {
    print(io, `${provider}: ${found.models} models, as in the tables`);
    return;
  }
  const { added, back, gone, cut, changed, twice, unread } = found;
  print(io, `${provider}: ${found.models} models; ${summaryOf(found)}`);
  if (cut) {
    print(
      io,
      `  ${cut.missing} of ${cut.of} known models are missing: the list was probably cut, so none counts as gone`,
    );
  }
  for (const { id, basePrice, fields } of added)
    print(io, `  new      ${[id, ...toldOf(basePrice, fields)].join(', ')}`);
  for (const { id } of back) print(io, `  back     ${id}`);
  for (const id of gone) print(io, `  gone     ${id}`);
  for (const model of changed) printChanged(io, model);
  for (const id of twice) print(io, `  twice    ${id}: the last entry counts`);
  for (const { id, category } of unread)
    print(io, `  unread   ${id}: its category, ${category || 'of no name'}, is not known`);
}

function summaryOf({ added, back, gone, cut, changed, twice, unread }: Differences): string {
  const counts: [number, string][] = [
    [added.length, 'new'],
    [back.length, 'back'],
    [gone.length, 'gone'],
    [changed.length, 'changed'],
    [twice.length, 'listed twice'],
    [unread.length, 'unread'],
  ];
  const told = counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  return [...told, ...(cut ? ['probably cut'] : [])].join(', ');
}

function toldOf(price: Cost | undefined, fields: object | undefined): string[] {
  const names = fields && Object.keys(fields);
  return [...(price ? [toAmount(price)] : []), names ? `with ${names.join(' ')}` : 'without its fields'];
}

const factNames: Readonly<Record<ChangedFact['name'], string>> = {
  category: 'category',
  path: 'address',
  priceTerms: 'price formula',
};

function printChanged(io: Io, { id, basePrice, facts = [], whole, fields }: ChangedModel): void {
  print(io, `  changed  ${id}`);
  if (whole) print(io, '           its fields were known in part; those of the list count as all of them');
  for (const { name, was, is } of facts)
    print(io, `           ${factNames[name]}: ${was || 'none'}, now ${is || 'none'}`);
  if (basePrice) print(io, `           base price: ${toAmount(basePrice.was)}, now ${toAmount(basePrice.is)}`);
  for (const field of fields) print(io, `           ${toLine(field)}`);
}

function toLine({ name, was, is, choices }: ChangedField): string {
  if (choices) {
    const came = choices.came.length > 0 ? [`also ${choices.came.join(' ')}`] : [];
    const went = choices.went.length > 0 ? [`no longer ${choices.went.join(' ')}`] : [];
    return `${name}: ${[...came, ...went].join(', ')}`;
  }
  if (was === undefined) return `${name} came: ${is}`;
  return is === undefined ? `${name} went: ${was}` : `${name}: ${was}; now ${is}`;
}

const toAmount = (cost: Cost | undefined): string =>
  cost === undefined || cost.source === 'unknown' ? 'unknown' : showAmount(cost.amount, cost.currency);
