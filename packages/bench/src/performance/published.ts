import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

const packages = join(import.meta.dirname, '../../..');

/**
 * Our packages as users have them, JavaScript in files of their own, beside what the bench installs: importing the
 * sources would measure how Node strips types. Returns a folder from which every package can be imported.
 */
export async function publish(): Promise<string> {
  // Below core, so that its own dependencies are found.
  const home = join(packages, 'core/node_modules/.cache/imageport-bench');
  await rm(home, { recursive: true, force: true });
  for (const name of ['core', 'wavespeed', 'apiframe']) {
    await publishOne(join(packages, name), join(home, 'node_modules/@imageport', name));
  }
  await linkPeers(join(packages, 'bench/node_modules'), join(home, 'node_modules'));
  return home;
}

async function publishOne(from: string, to: string): Promise<void> {
  const files = await readdir(join(from, 'src'), { recursive: true });
  for (const file of files.filter((each) => each.endsWith('.ts'))) {
    const source = await readFile(join(from, 'src', file), 'utf8');
    const target = join(to, 'dist', file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, toJavaScript(source));
  }
  const { publishConfig, ...manifest } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'));
  await writeFile(join(to, 'package.json'), JSON.stringify({ ...manifest, exports: publishConfig.exports }));
}

const toJavaScript = (source: string): string =>
  stripTypeScriptTypes(source)
    .replace(/(from\s*|import\s*\(?\s*)'(\.[^']+)\.ts'/g, "$1'$2.js'")
    // The blanks that stand where types stood.
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{2,}/g, '\n');

async function linkPeers(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from)) {
    if (entry.startsWith('.') || entry === '@imageport') continue;
    await symlink(join(from, entry), join(to, entry));
  }
}
