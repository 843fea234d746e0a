// Does README and getting-started as a newcomer: packs what would be published, installs it in fresh projects, and types
// what the pages say, on every supported Node and on one that is refused. `npm run newcomer`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pnpm } from '../pnpm.mjs';
import { emulate, environmentOf, root } from './commands.mjs';
import { clone, commonjs, create, javascript, pinned, refused, typescript } from './projects.mjs';

/** The whole run; it takes about a minute. */
const deadline = setTimeout(() => {
  console.error('newcomer: not done after 15 minutes');
  process.exit(1);
}, 900_000);

const types = [pinned('typescript'), pinned('@types/node')];
const projects = ['22', '24'].flatMap((node) => [
  { node, name: 'JavaScript', follow: javascript, options: {} },
  { node, name: 'TypeScript', follow: typescript, options: { also: types } },
  { node, name: 'CommonJS', follow: commonjs, options: { type: 'commonjs' } },
]);
const all = [...projects, { node: '20', name: 'JavaScript', follow: refused, options: {} }];

/** The tarballs, built anew. */
function pack(folder) {
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const shell = process.platform === 'win32';
  execFileSync(npx, ['tsc', '-b'], { cwd: root, stdio: 'inherit', shell });
  execFileSync(process.execPath, [join(root, '.ci/bundle.mjs')], { cwd: root, stdio: 'inherit' });
  if (pnpm(['-r', '--reporter=silent', 'pack', '--pack-destination', folder]) !== 0) throw new Error('packing failed');
  return readdirSync(folder).map((name) => join(folder, name));
}

/** Prints how long a part took. */
async function report(name, follow) {
  const begun = Date.now();
  const what = await follow();
  console.log(`${name}  ${what} (${Math.round((Date.now() - begun) / 1000)} s)`);
}

const folder = mkdtempSync(join(tmpdir(), 'imageport-newcomer-'));
let emulator;
try {
  const tarballs = pack(join(folder, 'tarballs'));
  for (const { node, name, follow, options } of all) {
    await report(`Node ${node}  ${name.padEnd(10)}`, async () => {
      const home = join(folder, `${node}-${name}`);
      const place = await create(join(home, 'project'), environmentOf(node, home), tarballs, options);
      emulator ??= await emulate(place);
      return follow(place, emulator.env);
    });
  }
  await report('Node 20  a clone   ', () => clone(join(folder, 'clone'), environmentOf('20', folder)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await emulator?.end();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  clearTimeout(deadline);
}
