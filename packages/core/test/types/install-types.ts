import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { published } from '../../../../.ci/bundle.mjs';

export const root = join(import.meta.dirname, '../../../..');
const libraries = ['@imageport/core', '@imageport/wavespeed', '@imageport/apiframe'];

/** A folder in which core and both hosts are installed as they are published, beside the program `consumer.ts`. */
export function installTypes(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'imageport-types-'));
  const modules = join(folder, 'node_modules');
  for (const { folder: from, manifest } of published(root).filter((each) => libraries.includes(each.manifest.name))) {
    const home = join(modules, manifest.name);
    mkdirSync(home, { recursive: true });
    // Copies, because a link would lead back to the workspace, where packages import each other's sources.
    cpSync(join(from, 'dist'), join(home, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.js') });
    writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
    for (const name of readdirSync(join(from, 'node_modules')).filter((each) => /^[a-z]/.test(each))) {
      const link = join(modules, name);
      if (!existsSync(link)) symlinkSync(realpathSync(join(from, 'node_modules', name)), link, 'junction');
    }
  }
  // What some entries need beside them: the optional peer, and the types of Node.
  for (const scope of ['@opentelemetry', '@types']) {
    symlinkSync(join(root, 'node_modules', scope), join(modules, scope), 'junction');
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  copyFileSync(join(import.meta.dirname, 'consumer.ts'), join(folder, 'consumer.ts'));
  return folder;
}
