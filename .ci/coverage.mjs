// Prints the coverage of the last `npm run coverage` as a table, by published package.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { published } from './bundle.mjs';

const root = join(import.meta.dirname, '..');
const summary = join(root, 'coverage/coverage-summary.json');
if (!existsSync(summary)) {
  console.error('There is no coverage: run `npm run coverage` first');
  process.exit(1);
}
const kinds = ['lines', 'branches', 'functions'];
const files = Object.entries(JSON.parse(readFileSync(summary, 'utf8')));

/** Of all files below these folders, one cell for each kind. */
function cells(folders) {
  const found = files.filter(([file]) => folders.some((folder) => file.startsWith(folder)));
  return kinds.map((kind) => {
    const [covered, total] = ['covered', 'total'].map((each) =>
      found.reduce((sum, [, counts]) => sum + counts[kind][each], 0),
    );
    return total === 0 ? 'not run' : `${((100 * covered) / total).toFixed(1)} %`;
  });
}

const packages = published(root);
const row = (name, folders) => `| ${[name, ...cells(folders)].join(' | ')} |`;
console.log(`| package | ${kinds.join(' | ')} |\n| --- | --: | --: | --: |`);
for (const { folder, manifest } of packages) console.log(row(manifest.name, [folder]));
console.log(
  row(
    'all',
    packages.map(({ folder }) => folder),
  ),
);
