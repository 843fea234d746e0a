import type { Command } from 'commander';
import type { Io } from './io.ts';

export interface QuietFlag {
  readonly quiet?: boolean;
}

export const addQuietFlag = (command: Command): Command =>
  command.option('-q, --quiet', 'no progress and no notes: only results, warnings and errors');

/** The streams as the user wants them. */
export const listen = (io: Io, { quiet = false }: QuietFlag): Io => (quiet ? { ...io, quiet } : io);
