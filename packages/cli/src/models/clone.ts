import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { usage } from '../usage.ts';

/** The name in the `package.json` of the repository. */
const repository = 'imageport-workspace';

/** The clone of the repository that a folder stands in. Throws where there is none: elsewhere there are no tables to write. */
export async function findClone(cwd: string): Promise<string> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if ((await nameIn(folder)) === repository) return folder;
    if (folder === dirname(folder)) break;
  }
  throw usage(
    '--update writes the tables of the source code, so it runs in a clone of the repository only, and this is none: CONTRIBUTING.md there says how. `imageport models --check` works everywhere',
  );
}

async function nameIn(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  try {
    return (JSON.parse(text) as { readonly name?: unknown } | null)?.name;
  } catch {
    return undefined;
  }
}
