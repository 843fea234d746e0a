import type { Cost, ImageModel, Job } from '@imageport/core';

/** Money in words. Unknown is said, never shown as 0. */
export function describeCost(cost: Cost): string {
  if (cost.source === 'unknown') return 'cost unknown';
  return `${showAmount(cost.amount, cost.currency)} (${cost.source})`;
}

export function showAmount(amount: number, currency: 'USD' | 'credit'): string {
  if (currency === 'USD') return `${amount} USD`;
  return `${amount} ${amount === 1 ? 'credit' : 'credits'}`;
}

/** What several things cost, by currency: "0.054 USD and 3 credits". */
export function describeSum(costs: readonly Cost[]): string {
  const sums = new Map<'USD' | 'credit', number>();
  for (const cost of costs) {
    if (cost.source !== 'unknown') sums.set(cost.currency, (sums.get(cost.currency) ?? 0) + cost.amount);
  }
  const known = [...sums].map(([currency, amount]) => showAmount(Math.round(amount * 1e6) / 1e6, currency));
  const unknown = costs.some(({ source }) => source === 'unknown') ? ['an unknown cost'] : [];
  return [...known, ...unknown].join(' and ') || 'cost unknown';
}

/** Pixels, and what kind of file: "2048x2048 jpeg". The one notation for sizes is that of `--size`. */
export function describePicture(picture: {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly mediaType?: string | undefined;
}): string {
  const { width, height, mediaType } = picture;
  const size = width && height ? [`${width}x${height}`] : [];
  return [...size, mediaType?.split(/[/+]/)[1] ?? 'picture'].join(' ');
}

export const nameOf = ({ provider, modelId }: ImageModel): string => `${provider.adapter.name}:${modelId}`;

export const nameOfJob = ({ provider, modelId }: Job): string => `${provider}:${modelId}`;

/** A word that a shell takes as it is: quoted unless every sign in it means itself, wherever it stands. */
export const quote = (word: string): string =>
  /^$|^[#~=-]|[^\w./:#@%+=,-]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word;
