// Records a new copy of the host's list, which comes from stdin, and writes the tables: `imageport models --update` runs it with
// the date of the copy, and with `--force` where the list may have lost a tenth of its models.
import { readFileSync, writeFileSync } from 'node:fs';
import { families } from '../src/families.ts';
import { generate } from './generate.ts';
import { newest } from './prices.ts';
import { type Recorded, readRecorded } from './recorded.ts';
import { toShape } from './sheets.ts';
import { toRecorded, writeRecorded } from './to-recorded.ts';

const [date = '', flag] = process.argv.slice(2);
const before = readRecorded();
const text = writeRecorded(
  toRecorded(JSON.parse(readFileSync(0, 'utf8')), date, before, { force: flag === '--force' }),
);
// The tables are made of what will be read again, and all of it before any is written.
const now: Recorded = JSON.parse(text);
const files = Object.entries(generate(now)).map(([name, made]) => [`../src/${name}`, made] as const);
for (const [path, made] of [['recorded.json', text] as const, ...files]) {
  writeFileSync(new URL(path, import.meta.url), made);
}

const byHand = families.flatMap(({ models }) => models.map(({ native }) => native));
/** What a row of a table goes by. */
function factsOf({ models }: Recorded, id: string): string {
  const model = models.find((each) => each.id === id);
  if (!model) return '';
  const { fields, required } = toShape(model, models);
  return JSON.stringify([model.live, newest(model.usd), fields, required]);
}
const changed = byHand.filter((id) => factsOf(before, id) !== factsOf(now, id));
if (changed.length > 0) console.log(`By hand, in packages/wavespeed/src/families.ts: ${changed.join(', ')}`);
