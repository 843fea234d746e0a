import { readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, published } from '../../../../.ci/bundle.mjs';

const root = join(import.meta.dirname, '../../../..');
const packages = join(root, 'packages');

/**
 * Our packages as users have them, beside what the bench installs: importing the sources would measure how Node strips
 * types. Returns a folder from which every package can be imported.
 */
export async function publish(): Promise<string> {
  // Below core, so that its own dependencies are found.
  const home = join(packages, 'core/node_modules/.cache/imageport-bench');
  await rm(home, { recursive: true, force: true });
  for (const each of published(root)) {
    const folder = join(home, 'node_modules', each.manifest.name);
    await bundle(each, join(folder, 'dist'));
    await writeFile(join(folder, 'package.json'), JSON.stringify(each.manifest));
  }
  await linkPeers(join(packages, 'bench/node_modules'), join(home, 'node_modules'));
  return home;
}

async function linkPeers(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from)) {
    if (entry.startsWith('.') || entry === '@imageport') continue;
    await symlink(join(from, entry), join(to, entry));
  }
}
