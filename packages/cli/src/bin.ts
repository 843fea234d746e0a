#!/usr/bin/env node
import module from 'node:module';

// Compiled code is kept for the next start, which takes a third of the time; must come before what it shall keep.
module.enableCompileCache?.();
const [{ main }, { processIo }] = await Promise.all([import('./main.ts'), import('./process-io.ts')]);

process.exitCode = await main(process.argv.slice(2), processIo());
