import type { Attempt, Billed, Cost } from '@imageport/core';
import { showAmount } from '../words.ts';
import type { RowEnd } from './report.ts';

/** Whether money was spent on a row, as far as anybody knows. */
export function billedOf({ result }: RowEnd): Billed {
  if (result?.outcome === 'aborted') return result.billed;
  if (result?.outcome === 'completed') return result.earlier ? 'no' : 'yes';
  return result?.error?.billed ?? 'no';
}

/** By currency, what this run has sent and was charged for. */
export function spentOn(ends: readonly RowEnd[]): Record<string, number> {
  const spent: Record<string, number> = {};
  for (const cost of ends.flatMap(costsOf)) {
    if (cost.source === 'unknown') continue;
    spent[cost.currency] = Math.round(((spent[cost.currency] ?? 0) + cost.amount) * 1e6) / 1e6;
  }
  return spent;
}

/** What this run has spent, in words: "nothing charged" only where that is known of every row. */
export function describeSpent(ends: readonly RowEnd[]): string {
  const amounts = Object.entries(spentOn(ends)).map(([currency, amount]) =>
    showAmount(amount, currency as 'USD' | 'credit'),
  );
  const unlisted = ends.flatMap(costsOf).some(({ source }) => source === 'unknown') ? ['an unknown cost'] : [];
  const charged = [...amounts, ...unlisted];
  const unsure = ends.filter(isUnsure).length;
  const words = [
    ...(charged.length > 0 ? [`${charged.join(' and ')} charged`] : []),
    ...(unsure > 0 ? [`${unsure} may have been charged`] : []),
  ];
  if (words.length > 0) return words.join(', ');
  // Jobs of an earlier run that are still waited for.
  return ends.some((end) => billedOf(end) === 'yes') ? 'nothing new charged' : 'nothing charged';
}

/** What every picture cost that this run has asked for and that is charged. */
function costsOf(end: RowEnd): readonly Cost[] {
  const { result, row, accepted } = end;
  // An interrupted call has no attempts; its jobs cost what is listed.
  if (result?.outcome === 'aborted')
    return accepted.map(({ provider, modelId }) => row.prices[`${provider}:${modelId}`] ?? { source: 'unknown' });
  return attemptsOf(end).flatMap(({ billed, submits, cost }) => (billed === 'yes' && submits > 0 ? [cost] : []));
}

const isUnsure = (end: RowEnd): boolean =>
  (end.result?.outcome === 'aborted' && end.result.unknown > 0) ||
  [{ billed: billedOf(end) }, ...attemptsOf(end), ...(end.result?.result?.failures ?? [])].some(
    ({ billed }) => billed === 'unknown',
  );

function attemptsOf({ result }: RowEnd): readonly Attempt[] {
  if (result?.outcome === 'completed') return result.result.attempts;
  return result?.error?.attempts ?? [];
}
