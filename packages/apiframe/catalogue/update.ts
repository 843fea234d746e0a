// Records a new copy of the host's document, which comes from stdin, and writes the tables: `imageport models --update` runs it with
// the date of the copy, and with `--force` where the document may have lost a tenth of its operations.
import { readFileSync, writeFileSync } from 'node:fs';
import { sources } from './generate.ts';
import { isByHand } from './overrides.ts';
import { type Recorded, readRecorded, toText } from './recorded.ts';
import { toRecorded } from './to-recorded.ts';

const [date = '', flag] = process.argv.slice(2);
const before = readRecorded();
const text = toText(toRecorded(JSON.parse(readFileSync(0, 'utf8')), date, before, { force: flag === '--force' }));
// The tables are made of what will be read again, and all of it before any is written.
const now: Recorded = JSON.parse(text);
const files = Object.entries(sources(now)).map(([name, made]) => [`../src/${name}.ts`, made] as const);
for (const [path, made] of [['recorded.json', text] as const, ...files]) {
  writeFileSync(new URL(path, import.meta.url), made);
}

const factsOf = ({ models }: Recorded, id: string): string => {
  const { inputs, top, goneBy } = models.find((model) => model.id === id) ?? {};
  return JSON.stringify([inputs, top, goneBy]);
};
const byHand = now.models.map(({ id }) => id).filter(isByHand);
const changed = byHand.filter((id) => factsOf(before, id) !== factsOf(now, id));
if (changed.length > 0) console.log(`By hand, in packages/apiframe/src/families.ts: ${changed.join(', ')}`);
