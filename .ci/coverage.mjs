// Prints the coverage of the last `npm run coverage` as a table, by package.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const summary = new URL('../coverage/coverage-summary.json', import.meta.url);
if (!existsSync(summary)) {
  console.error('There is no coverage: run `npm run coverage` first');
  process.exit(1);
}
const kinds = ['lines', 'branches', 'functions'];
const packages = new Map();
for (const [file, counts] of Object.entries(JSON.parse(readFileSync(summary, 'utf8')))) {
  const name = file === 'total' ? 'all' : relative(join(import.meta.dirname, '..'), file).split(sep)[1];
  const sums = packages.get(name) ?? kinds.map(() => [0, 0]);
  packages.set(
    name,
    sums.map(([covered, total], index) => [covered + counts[kinds[index]].covered, total + counts[kinds[index]].total]),
  );
}
const percent = ([covered, total]) => `${((100 * covered) / Math.max(1, total)).toFixed(1)} %`;
console.log(`| package | ${kinds.join(' | ')} |\n| --- | --: | --: | --: |`);
for (const [name, sums] of [...packages].sort()) console.log(`| ${name} | ${sums.map(percent).join(' | ')} |`);
