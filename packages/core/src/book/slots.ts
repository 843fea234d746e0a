import type { Standing } from './standing.ts';

/** One intent of a request that may be asked again: what this process knows of it, which the ledger does not. */
export class Slot {
  readonly id: string;
  /** Requests of this process that are under way with it. */
  readonly holders = new Set<object>();
  /** Its last caller in this process has left, or was told of a failure; `free`: one that cost nothing. */
  left: 'left' | 'free' | undefined;
  isHanded = false;
  /** Of the request that a name stands for. */
  fingerprint: string | undefined;
  /** How often a client that said it retries was given it. */
  retries = 0;

  constructor(id: string) {
    this.id = id;
  }

  get isBusy(): boolean {
    return this.holders.size > 0;
  }
}

export interface Choice {
  readonly slot: Slot;
  readonly standing: Standing | 'busy' | 'left';
}

/**
 * Which intent a request is. What is paid and was never handed over goes first. A client that says that it retries
 * joins what is under way, or gets again what was handed over; everybody else gets a new one.
 */
export function choose(all: readonly Choice[], retry: boolean): Choice | undefined {
  const first = (...standings: readonly Choice['standing'][]): Choice | undefined =>
    all
      .filter(({ standing }) => standings.includes(standing))
      .toSorted((one, other) => one.slot.retries - other.slot.retries)[0];
  const unclaimed = first('open') ?? first('left');
  if (unclaimed || !retry) return unclaimed ?? first('free', 'absent');
  return first('busy', 'held') ?? first('handed') ?? first('free', 'absent');
}
