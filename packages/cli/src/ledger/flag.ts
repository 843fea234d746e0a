import type { Command } from 'commander';
import type { LedgerPlace } from './place.ts';

export const addLedgerFlag = (command: Command): Command =>
  command.option(
    '--ledger <file-or-folder>',
    'where paid jobs are written down (default: IMAGEPORT_LEDGER, or a folder of yours)',
  );

/** The command that brings what is still open there. */
export const resumeCommand = ({ flag }: LedgerPlace): string => `imageport resume${flag}`;
