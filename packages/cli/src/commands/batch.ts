import type { BatchFlags } from '../batch/run.ts';
import { addConfigFlag } from '../config-flag.ts';
import { addLedgerFlag } from '../ledger/flag.ts';
import { toMaxCost } from '../max-cost.ts';
import type { AddCommand } from '../program.ts';
import { addQuietFlag } from '../quiet-flag.ts';
import { addPictureFlags, toCount, toTimeout } from '../request-flags.ts';

const help = `
The file: CSV with a line of column names, or JSON Lines. The columns are the options of generate:
prompt (needed unless there is an image), model, provider, size, aspect-ratio, resolution, seed, image, mask,
n, expand, sync, fit, output-format, unchecked, timeout, intent. A flag holds for every row that has no value
of its own. A path is meant from the folder of the file.

Run again, also after kill -9, the same rows find their pictures and pay for nothing twice; a row that has
changed is a new one. To make new pictures of the same rows, give the run another --intent.`;

export const addBatch: AddCommand = (program, io, done) => {
  const command = program
    .command('batch')
    .argument('<file>', 'prompts.csv or prompts.jsonl: one row for one request')
    .description('make a picture for every row of a file; a line is printed for every row');
  addPictureFlags(command)
    .option('-o, --out <folder>', 'where the pictures go (default: this folder)')
    .option('--json', 'print a line of JSON for every row')
    .option('--concurrency <count>', 'how many rows at once (default: 16)', toCount)
    .option('--timeout <time>', 'when one row times out: 90s, 2m, or milliseconds (default: 120s)', toTimeout)
    .option('--intent <id>', 'names this run: the same rows under another name are made, and paid, anew')
    .option(
      '--max-cost <amount>',
      'start nothing more when all rows of this run cost so much: 5usd, 100credits, or both with a comma',
      toMaxCost,
    )
    .option('--no-emulate', 'end with an error where there is no key, instead of drawing locally')
    .option('--caption', 'what is drawn locally carries the words of the prompt')
    .addHelpText('after', help);
  addConfigFlag(addLedgerFlag(addQuietFlag(command))).action(async (file: string, flags: BatchFlags) => {
    // Only now, because no other command reads tables.
    const { runBatch } = await import('../batch/run.ts');
    done(await runBatch(file, flags, io));
  });
};
