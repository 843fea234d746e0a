import type { Client } from './clients/client.ts';
import type { Fault } from './fault-table.ts';
import type { Errand } from './message.ts';
import { startServer } from './servers/start.ts';
import { playWatched, type Watched } from './watchdog.ts';

/** Milliseconds every call is given. */
export const deadline = 8_000;
/** Milliseconds that the first call of a cold thread on a busy machine may be late: no overshoot yet. */
export const grain = 250;

/** What one call came to. */
export interface Run {
  /** Submits that the server accepted: each would be charged. */
  readonly paid: number;
  /** Accepted jobs whose picture the caller has not, and whose id is in neither result, error nor ledger. */
  readonly lost: number;
  /** The same, less those that `resumeImages` found and those whose idempotency key stands in the ledger. */
  readonly lostForGood: number;
  /** Milliseconds after the deadline, as they were measured; below 0 when the call ended before. */
  readonly late: number;
  /** The same, where it is more than `grain`; else 0. */
  readonly overshoot: number;
  /** The watchdog had to end it. */
  readonly hung: boolean;
  readonly outcome: string;
}

export interface MeasureOptions {
  readonly client: Client;
  readonly fault?: Fault;
  /** How the call is run. @default in a worker, under a watchdog */
  readonly play?: (errand: Errand) => Promise<Watched>;
}

/** One call of one client against a server of its own. */
export async function measure({ client, fault, play = playWatched }: MeasureOptions): Promise<Run> {
  const server = await startServer(client.service, fault);
  try {
    const errand = { client: client.name, target: server.target, deadline };
    const { hung, ending } = await play(errand);
    const { reported, kept, resumed, late, outcome } = ending;
    const jobs = server.accepted();
    const unknown = jobs.filter(({ id }) => !`${reported}${kept}`.includes(id));
    const beyondReach = unknown.filter(({ id, key }) => !resumed.includes(id) && !(key && kept.includes(key)));
    return {
      paid: jobs.length,
      lost: unknown.length,
      lostForGood: beyondReach.length,
      late: Math.round(late),
      overshoot: late > grain ? Math.round(late) : 0,
      hung,
      outcome,
    };
  } finally {
    await server.close();
  }
}
