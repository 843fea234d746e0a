import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { checkNodes } from '../nodes.mjs';

vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, '../..');
const readJson = async (path: string) => JSON.parse(await readFile(join(root, path), 'utf8'));

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imageport-setup-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What a program printed and how it ended, without the Node that the workspace has. */
const run = (program: string, args: readonly string[], cwd: string) =>
  promisify(execFile)(process.execPath, [program, ...args], { cwd }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );

test('pnpm is pinned by hash: the lockfile that npm keeps to says what package.json says', async () => {
  const { packageManager } = await readJson('package.json');
  const { packages } = await readJson('.ci/pnpm/package-lock.json');
  const [name, hash] = packageManager.split('+sha512.');
  const { version, integrity } = packages['node_modules/pnpm'];
  expect(name).toBe(`pnpm@${version}`);
  expect(integrity).toBe(`sha512-${Buffer.from(hash, 'hex').toString('base64')}`);
  // One tarball without dependencies and install scripts: there is nothing else to verify.
  expect(Object.keys(packages)).toEqual(['', 'node_modules/pnpm']);
  expect(packages['node_modules/pnpm']).not.toHaveProperty('hasInstallScript');
  const { dependencies } = await readJson('.ci/pnpm/package.json');
  expect(dependencies).toEqual({ pnpm: version });
});

test('a pnpm with another hash is refused by npm, and nothing of it runs', async () => {
  const folder = await scratch();
  for (const name of ['pnpm.mjs', 'pnpm/package.json', 'pnpm/package-lock.json'])
    await cp(join(root, '.ci', name), join(folder, '.ci', name));
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  const lock = join(folder, '.ci/pnpm/package-lock.json');
  const text = await readFile(lock, 'utf8');
  await writeFile(
    lock,
    text.replace(/sha512-../, (found) => `sha512-${found.endsWith('AA') ? 'BB' : 'AA'}`),
  );
  const { code, output } = await run(join(folder, '.ci/pnpm.mjs'), ['--version'], folder);
  expect(code).not.toBe(0);
  expect(output).toContain('EINTEGRITY');
  expect(output).not.toMatch(/^\d+\.\d+\.\d+$/m);
});

test('the Nodes of the dev dependencies are the ones whose hashes are noted', async () => {
  const known = await readJson('.ci/nodes.json');
  expect(Object.keys(known)).toContain('linux-x64');
  expect(checkNodes(join(root, 'node_modules')).problems).toEqual([]);
});

test('a Node that was exchanged or is not noted is named', async () => {
  const folder = await scratch();
  const program = Buffer.alloc(1_100_000, 'node');
  const hash = createHash('sha256').update(program).digest('hex');
  await mkdir(join(folder, 'node-22/bin'), { recursive: true });
  await writeFile(join(folder, 'node-22/package.json'), '{"version":"22.1.0"}');
  await writeFile(join(folder, 'node-22/bin/node'), program);
  const check = (known: Record<string, string>) => checkNodes(folder, { here: known }, 'here').problems;
  expect(check({ '22.1.0': hash })).toEqual([]);
  expect(check({ '22.1.0': 'other' })).toEqual([expect.stringMatching(/is not the Node 22\.1\.0 whose hash/)]);
  expect(check({})).toEqual([expect.stringMatching(/no hash is noted for Node 22\.1\.0 on here/)]);
  const elsewhere = checkNodes(folder, { here: {} }, 'elsewhere');
  expect(elsewhere.problems).toEqual([]);
  expect(elsewhere.notes).toEqual([expect.stringMatching(/no hash of a Node is noted for elsewhere/)]);
});

test('only the packages that are named may run code when they are installed, and nothing is new of yesterday', async () => {
  const text = await readFile(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const allowed = [...text.matchAll(/^ {2}([\w@/-]+): true$/gm)].map(([, name]) => name);
  expect(allowed).toEqual(['node']);
  expect(Number(/^minimumReleaseAge: (\d+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(2 * 24 * 60);
});

test('compiled sources are kept in the clone, whatever the shell says: a shared folder could be written by others', async () => {
  const workspace = await readFile(join(root, 'vitest.workspace.ts'), 'utf8');
  expect(workspace).toMatch(/^process\.env\.NODE_COMPILE_CACHE = fileURLToPath\(new URL\('node_modules\/\.cache\//m);
  expect(process.env.NODE_COMPILE_CACHE).toContain(join('node_modules', '.cache', 'compiled'));
});

test('the first command fetches no runtime that only the test of the runtimes needs', async () => {
  const lockfile = await readFile(join(root, 'pnpm-lock.yaml'), 'utf8');
  const { dependencies } = await readJson('.ci/runtimes/package.json');
  const runtimes = Object.keys(dependencies);
  expect(runtimes).toContain('miniflare');
  expect(runtimes.filter((name) => lockfile.includes(`\n  ${name}@`))).toEqual([]);
});
