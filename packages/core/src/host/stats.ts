import type { Cost } from '../contract/result.ts';

/** What finished jobs of an account have shown, by bucket: for choosing between models. */
export interface Stats {
  /** `duration`: milliseconds from acceptance to the picture. */
  note(bucket: string, duration: number, cost: Cost): void;
  /** The duration that `share` of the recent jobs stayed under; undefined while there are too few. */
  quantile(bucket: string, share: number): number | undefined;
  /** What the host reported for the last job. */
  cost(bucket: string): Cost | undefined;
}

const mostBuckets = 200;
const mostRecent = 100;
const leastJobs = 5;

export function createStats(): Stats {
  const buckets = new Map<string, { readonly recent: number[]; cost?: Cost }>();
  return {
    note(bucket, duration, cost) {
      const known = buckets.get(bucket) ?? { recent: [] };
      buckets.set(bucket, known);
      if (known.recent.push(duration) > mostRecent) known.recent.shift();
      if (cost.source === 'reported') known.cost = cost;
      if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value ?? '');
    },
    quantile(bucket, share) {
      const recent = buckets.get(bucket)?.recent ?? [];
      if (recent.length < leastJobs) return undefined;
      return recent.toSorted((a, b) => a - b)[Math.min(recent.length - 1, Math.floor(share * recent.length))];
    },
    cost: (bucket) => buckets.get(bucket)?.cost,
  };
}
