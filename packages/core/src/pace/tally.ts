/** Counts the calls of the last 30 seconds, second by second: as small for ten thousand calls as for ten. */
export interface Tally {
  /** Counts a call, and says what there was in the last 30 seconds. */
  add(isFailure: boolean): { readonly calls: number; readonly failures: number };
  clear(): void;
}

interface Second {
  readonly at: number;
  calls: number;
  failures: number;
}

const span = 30;

/** `now` is in milliseconds. */
export function createTally(now: () => number): Tally {
  let seconds: Second[] = [];
  return {
    add(isFailure) {
      const at = Math.floor(now() / 1000);
      if (seconds.at(-1)?.at !== at) seconds.push({ at, calls: 0, failures: 0 });
      seconds = seconds.filter((second) => at - second.at < span);
      let calls = 0;
      let failures = 0;
      for (const second of seconds) {
        if (second.at === at) {
          second.calls += 1;
          second.failures += Number(isFailure);
        }
        calls += second.calls;
        failures += second.failures;
      }
      return { calls, failures };
    },
    clear() {
      seconds = [];
    },
  };
}
