import type { Client } from './clients/client.ts';
import { clients } from './clients/index.ts';
import { type Fault, faults } from './fault-table.ts';
import { measure, type Run } from './measure.ts';

/** One client under one fault: the worst of all runs. */
export interface Cell extends Run {
  readonly client: string;
  readonly fault: string;
  readonly runs: readonly Run[];
}

export interface BenchOptions {
  /** How often each cell is measured. */
  readonly repetitions: number;
  /** How many calls are under way at once. */
  readonly concurrency: number;
  /** Called after each call. */
  readonly onRun?: (done: number, total: number) => void;
}

/** A fault in a step that the client leaves to its caller says nothing about the client. */
export const applies = (client: Client, fault: Fault): boolean => client.phases.includes(fault.phase);

/** Every fault against every client, each call against a server of its own. */
export async function runBench({ repetitions, concurrency, onRun }: BenchOptions): Promise<Cell[]> {
  const pairs = faults.flatMap((fault) =>
    clients.filter((client) => applies(client, fault)).map((client) => ({ client, fault, runs: [] as Run[] })),
  );
  const queue = Array.from({ length: repetitions }, () => pairs).flat();
  const total = queue.length;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      next.runs.push(await measure(next));
      done += 1;
      onRun?.(done, total);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return pairs.map(({ client, fault, runs }) => ({
    client: client.name,
    fault: fault.id,
    ...worst(runs),
    runs,
  }));
}

/** Each number at its worst, with the outcome of the worst run. */
export function worst(runs: readonly Run[]): Run {
  const most = (pick: (run: Run) => number): number => Math.max(...runs.map(pick));
  const badness = ({ hung, lost, paid, overshoot }: Run): number =>
    Number(hung) * 1e9 + lost * 1e7 + paid * 1e5 + overshoot;
  const outcome = runs.toSorted((a, b) => badness(b) - badness(a))[0]?.outcome ?? '';
  return {
    paid: most(({ paid }) => paid),
    lost: most(({ lost }) => lost),
    lostForGood: most(({ lostForGood }) => lostForGood),
    late: most(({ late }) => late),
    overshoot: most(({ overshoot }) => overshoot),
    hung: runs.some(({ hung }) => hung),
    outcome,
  };
}

const isOurs = ({ client }: Cell): boolean => clients.some(({ name, ours }) => ours && name === client);

/** What our own library must never do: each line is a defect of ours. */
export function findDefects(cells: readonly Cell[]): string[] {
  return cells.filter(isOurs).flatMap(({ client, fault, runs, lostForGood, overshoot, outcome }) => {
    // Of a submit that was turned away, nothing is owed; every other fault comes after the acceptance of one.
    const least = fault === 'refused' || fault === 'submit-429' ? 0 : 1;
    const paid = runs.map((run) => run.paid).find((count) => count < least || count > 1);
    const found = [
      ...(paid === undefined ? [] : [`${paid} paid submits`]),
      ...(lostForGood > 0 ? [`${lostForGood} lost job ids`] : []),
      ...(overshoot > 0 ? [`${overshoot} ms beyond the deadline`] : []),
    ];
    return found.map((problem) => `${client}, ${fault}: ${problem} (${outcome})`);
  });
}

/** Calls of ours that ended without the id of their job, but with the way to it in the ledger: not lost, and not reported. */
export function findUnreported(cells: readonly Cell[]): string[] {
  return cells
    .filter((cell) => isOurs(cell) && cell.lost > cell.lostForGood)
    .map(
      ({ client, fault, outcome }) =>
        `${client}, ${fault}: the id came only by resumeImages or the key in the ledger (${outcome})`,
    );
}
