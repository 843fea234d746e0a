import type { Io } from '../io.ts';

/** Why no more rows are started: a picture could not be saved, or nobody takes the lines. */
type Why = 'unsaved' | 'unread';

/** Ends the starting of rows, while those that are under way go on: what was begun is paid, and shall be saved. */
export interface Halt {
  readonly signal: AbortSignal;
  halt(why: Why): void;
  /** What to tell at the end, if it was halted. `isRecorded`: paid jobs stand in a ledger. */
  words(isRecorded: boolean): string | undefined;
  close(): void;
}

/** Halts by itself where stdout takes no more, as after `| head -1` or on a full disk. */
export function createHalt({ stdout }: Pick<Io, 'stdout'>): Halt {
  const controller = new AbortController();
  const { signal } = controller;
  const halt = (why: Why): void => controller.abort(why);
  const onError = (): void => halt('unread');
  stdout.on('error', onError);
  return {
    signal,
    halt,
    words(isRecorded) {
      if (!signal.aborted) return undefined;
      const [problem, wayOut] = told[signal.reason as Why];
      return [problem, ...(isRecorded ? [recorded] : []), wayOut].join(' ');
    },
    close: () => void stdout.off('error', onError),
  };
}

const recorded = 'What is paid stands in the ledger.';

const told: Readonly<Record<Why, readonly [problem: string, wayOut: string]>> = {
  unsaved: [
    'A picture could not be saved, so no more rows were started.',
    'Make room in the folder of --out, or make it writable again; then the same command goes on.',
  ],
  unread: [
    'Nobody reads stdout any more, or it cannot be written to, so no more rows were started; what was begun is saved.',
    'The same command goes on, with a reader that stays or with > rows.txt.',
  ],
};
