/** Keeps repeats a small part of the traffic: a host in trouble is not helped by a crowd that asks again. */
export interface RetryBudget {
  /** Counts a first request. */
  earn(): void;
  /** Whether a repeat is left. */
  has(): boolean;
  /** Takes one repeat, if there is one left. */
  spend(): boolean;
}

const most = 10;
const perRequest = 0.1;
const perSecond = 1;

/** One repeat for ten requests, plus one a second, at most ten saved. */
export function createRetryBudget(): RetryBudget {
  let saved = most;
  let since = performance.now();
  const refill = (): void => {
    const now = performance.now();
    saved = Math.min(most, saved + ((now - since) / 1000) * perSecond);
    since = now;
  };
  return {
    earn() {
      refill();
      saved = Math.min(most, saved + perRequest);
    },
    has() {
      refill();
      return saved >= 1;
    },
    spend() {
      refill();
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
