// Runs a program on another Node than the one that is first on the path: `node .ci/on-node.mjs 22 program.mjs …`.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

const [major, ...args] = process.argv.slice(2);
const bin = join(import.meta.dirname, `../node_modules/node-${major}/bin`);
const run = spawnSync(join(bin, 'node'), args, {
  env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter), IMAGEPORT_TEST_NODE: major },
  stdio: 'inherit',
});
if (run.error) console.error(`Node ${major} cannot be run: ${run.error.message}`);
process.exitCode = run.status ?? 1;
