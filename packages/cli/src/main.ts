import { CommanderError } from 'commander';
import type { Io } from './io.ts';
import { createProgram } from './program.ts';
import { reportFailure, usageExit } from './report-error.ts';
import { explainSlip } from './slips.ts';

/** Runs one command line and returns its exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    const json = argv.includes('--json');
    if (error instanceof CommanderError) return usageExit(io, error, { json, hint: explainSlip(error, argv, program) });
    return reportFailure(io, error, json);
  }
}
