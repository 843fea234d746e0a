#!/usr/bin/env node
import { checkRuntime } from '@imageport/core';
import { processIo } from './process-io.ts';
import { reportFailure } from './report-error.ts';

const argv = process.argv.slice(2);
const io = processIo();
try {
  checkRuntime();
  // Only now, because what the commands need may not even load on a Node that is too old.
  const { main } = await import('./main.ts');
  process.exitCode = io.endWith(await main(argv, io));
} catch (error) {
  process.exitCode = reportFailure(io, error, argv.includes('--json'));
}
