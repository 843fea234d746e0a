// node csv-batch.ts prompts.csv pictures: a picture for every row. Killed and run again, it pays for nothing twice.
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateImages, type ImageBatchItem, imageOptions } from '@imageport/core';
import { createFileLedger, saveImage } from '@imageport/core/node';
import { createWavespeed } from '@imageport/wavespeed';
import Papa from 'papaparse';

const [file = 'prompts.csv', folder = 'pictures'] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const pathOf = (id: string): string => join(folder, `${id}.jpg`);

/** The columns `id`, `prompt` and `size`. The id is the file name and the intent, so rows may be moved and added. */
function* itemsOf(rows: readonly Record<string, string>[]): Generator<ImageBatchItem & { prompt: string }> {
  for (const { id = '', prompt = '', size } of rows) {
    if (!/^[\w-]{1,100}$/.test(id)) throw new Error(`"${id}" cannot be a file name: letters, digits, _ and - can`);
    // A ledger forgets what was delivered eight days ago. The picture does not.
    if (!existsSync(pathOf(id))) yield { intentId: id, prompt, ...imageOptions({ size: size || undefined }) };
  }
}

const text = (await readFile(file, 'utf8')).replace(/\r\n?/g, '\n'); // one end for all lines, or Papa takes several for one
const options = { header: true, skipEmptyLines: true, newline: '\n' } as const;
const { data: rows, errors } = Papa.parse<Record<string, string>>(text, options);
// A bad row or id ends it here, before anything is spent: a prompt may be cut off, or glued to the next.
for (const { row = 0, message } of errors) throw new Error(`${file}, record ${row + 1}: ${message}`);
const items = [...itemsOf(rows)];
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(signal)));

const ledger = createFileLedger(join(folder, 'ledger.jsonl'));
try {
  const batch = generateImages(items, {
    model: createWavespeed({ limits: { jobs: 2, submitsPerMinute: 600 } })('seedream-4'), // what your account may do
    ledger,
    maxCost: { USD: 5 },
    signal: stop.signal,
    async deliver(image, { intentId }) {
      // Saved before it counts as delivered; it is there already when the process was killed in between.
      if (!existsSync(pathOf(intentId))) await saveImage(image, pathOf(intentId));
    },
  });
  for await (const each of batch) {
    if (each.outcome === 'completed') console.log(`${pathOf(each.intentId)}${each.earlier ? ' (paid before)' : ''}`);
    else console.log(`${each.intentId}: ${each.outcome} ${each.error?.message ?? ''}`);
    if (each.outcome !== 'completed') process.exitCode = 1;
  }
} finally {
  await ledger.close();
}
