// Everything that an installed package brings with it.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** @type {typeof import('./closure.mjs').closure} */
export function closure(folder, found = new Map()) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (found.has(manifest.name)) return found;
  found.set(manifest.name, { folder, manifest });
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const depth = manifest.name.startsWith('@') ? '../..' : '..';
    const home = [join(folder, 'node_modules', name), join(folder, depth, name)].find((path) => existsSync(path));
    if (home !== undefined) closure(realpathSync(home), found);
    else if (!(name in (manifest.optionalDependencies ?? {})))
      throw new Error(`${name} of ${manifest.name} is missing`);
  }
  return found;
}
