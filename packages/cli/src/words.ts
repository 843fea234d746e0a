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

export const nameOf = ({ provider, modelId }: ImageModel): string => `${provider.adapter.name}:${modelId}`;

export const nameOfJob = ({ provider, modelId }: Job): string => `${provider}:${modelId}`;

/** A word that a shell takes as it is: quoted unless every sign in it means itself, wherever it stands. */
export const quote = (word: string): string =>
  /^$|^[#~=-]|[^\w./:#@%+=,-]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word;

const flags: Readonly<Record<string, string>> = {
  aspectRatio: '--aspect-ratio',
  images: '--image',
  intentId: '--intent',
  maxCost: '--max-cost',
  n: '-n',
  outputFormat: '--output-format',
  promptExpansion: '--expand',
  prompt: 'prompt',
};
const sameName = ['size', 'resolution', 'seed', 'sync', 'fit', 'timeout'];

/** Core names its options; on a command line they are flags. */
export function toFlags(text: string): string {
  return text.replace(/fit: '(\w+)'/g, '--fit $1').replace(/`(\w+)(?:\.\d+)?`/g, (whole, name: string) => {
    return flags[name] ?? (sameName.includes(name) ? `--${name}` : whole);
  });
}
