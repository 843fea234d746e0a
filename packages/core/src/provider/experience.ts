import type { Cost } from '../contract/result.ts';

/** What finished jobs of an account have shown, by kind of job: for choosing between models. */
export interface Experience {
  /** `duration`: milliseconds from acceptance to the picture. */
  note(kind: string, duration: number, cost: Cost): void;
  /** The duration that `share` of the recent jobs stayed under; undefined while there are too few. */
  quantile(kind: string, share: number): number | undefined;
  /** What the host reported for the last job. */
  cost(kind: string): Cost | undefined;
}

const mostKinds = 200;
const mostRecent = 100;
const leastJobs = 5;

export function createExperience(): Experience {
  const kinds = new Map<string, { readonly recent: number[]; cost?: Cost }>();
  return {
    note(kind, duration, cost) {
      const known = kinds.get(kind) ?? { recent: [] };
      kinds.set(kind, known);
      if (known.recent.push(duration) > mostRecent) known.recent.shift();
      if (cost.source === 'reported') known.cost = cost;
      if (kinds.size > mostKinds) kinds.delete(kinds.keys().next().value ?? '');
    },
    quantile(kind, share) {
      const recent = kinds.get(kind)?.recent ?? [];
      if (recent.length < leastJobs) return undefined;
      return recent.toSorted((a, b) => a - b)[Math.min(recent.length - 1, Math.floor(share * recent.length))];
    },
    cost: (kind) => kinds.get(kind)?.cost,
  };
}
