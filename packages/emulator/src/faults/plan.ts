import type { Host } from '../options.ts';
import type { Fault, RequestKind } from './fault.ts';

interface Entry {
  readonly fault: Fault;
  fired: number;
}

export interface UnfiredFault {
  readonly fault: Fault;
  readonly left: number;
}

/** The list of faults still to come. */
export interface FaultPlan {
  add(faults: readonly Fault[]): void;
  /** Counts one request and takes the fault that is due for it. */
  take(host: Host, kind: RequestKind): Fault | undefined;
  unfired(): UnfiredFault[];
  clear(): void;
}

const left = ({ fault, fired }: Entry): number => (fault.times ?? 1) - fired;

export function createFaultPlan(): FaultPlan {
  const entries: Entry[] = [];
  const seen = new Map<string, number>();

  return {
    add: (faults) => {
      entries.push(...faults.map((fault) => ({ fault, fired: 0 })));
    },
    take: (host, kind) => {
      const count = (seen.get(`${host} ${kind}`) ?? 0) + 1;
      seen.set(`${host} ${kind}`, count);
      const due = entries.filter((entry) => left(entry) > 0 && concerns(entry.fault, host, kind, count));
      // A fault that waits for exactly this request goes before one that takes any.
      const entry = due.find(({ fault }) => fault.nth !== undefined) ?? due[0];
      if (entry) entry.fired += 1;
      return entry?.fault;
    },
    unfired: () =>
      entries
        // An endless fault is never used up, but it did happen.
        .filter((entry) => left(entry) > 0 && !(entry.fault.times === Infinity && entry.fired > 0))
        .map((entry) => ({ fault: entry.fault, left: left(entry) })),
    clear: () => {
      entries.length = 0;
      seen.clear();
    },
  };
}

function concerns(fault: Fault, host: Host, kind: RequestKind, count: number): boolean {
  const wanted = fault.on === 'probe' ? 'balance' : fault.on;
  return wanted === kind && (fault.host ?? host) === host && (fault.nth ?? 1) <= count;
}
