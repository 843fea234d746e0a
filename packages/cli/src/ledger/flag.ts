import type { Command } from 'commander';
import type { LedgerPlace } from './place.ts';

export const addLedgerFlag = (command: Command): Command =>
  command.option(
    '--ledger <file-or-folder>',
    'where paid jobs are recorded (default: IMAGEPORT_LEDGER, or a folder in your home directory)',
  );

/** The command that finishes the unfinished jobs there. */
export const resumeCommand = ({ flag }: LedgerPlace): string => `imageport resume${flag}`;
