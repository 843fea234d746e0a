import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { LoadedConfig } from './config.ts';
import { usage } from './usage.ts';

/**
 * Where the config lets pictures go. The path starts at the config's own folder and stays in it, symbolic links
 * followed: a file that came with a project writes nowhere else. A slash at its end still means a folder.
 */
export async function configuredOut({ out, source, folder = '' }: LoadedConfig): Promise<string | undefined> {
  if (out === undefined) return undefined;
  if (out.includes('\0'))
    throw usage(`${source}: "out" holds a NUL, so nothing was sent: no file can have such a name`);
  const path = resolve(folder, out);
  const real = await followLinks(path);
  if (real !== undefined && isInside(await realpath(folder), real)) return `${path}${/[\\/]$/.test(out) ? '/' : ''}`;
  throw usage(
    `${source}: "out" leads out of the folder of this file (${JSON.stringify(out)}), so nothing was sent: name a place inside it, or give --out`,
  );
}

/** The real path of what is there or could be made; undefined where a link leads to nothing or in a circle. */
async function followLinks(path: string): Promise<string | undefined> {
  const found = await realpath(path).catch(() => undefined);
  if (found !== undefined || dirname(path) === path) return found;
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  const parent = isThere ? undefined : await followLinks(dirname(path));
  return parent && join(parent, basename(path));
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
