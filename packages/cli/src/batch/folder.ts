import { stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { LoadedConfig } from '../config.ts';
import { configuredOut } from '../configured-out.ts';
import { findDestination, planDestination } from '../destination.ts';
import { extensionsOf } from '../save.ts';
import { usage } from '../usage.ts';

/** Of a file that is a picture. */
export const extensions: readonly string[] = ['png', 'jpeg', 'webp', 'gif', 'avif', 'svg+xml', 'tiff', 'bmp'].flatMap(
  (type) => extensionsOf(`image/${type}`),
);

export interface OpenFolderOptions {
  readonly config: LoadedConfig;
  readonly cwd: string;
  /** The names that pictures will get. */
  readonly names: readonly string[];
}

/** The folder of `--out`, else of the config, else this one: made if it must be, and able to take files. Throws `invalid_request`. */
export async function openFolder(
  given: string | undefined,
  { config, cwd, names }: OpenFolderOptions,
): Promise<string> {
  const out = given ?? (await configuredOut(config)) ?? '.';
  const name =
    given === undefined && config.out !== undefined ? `${config.source}: "out" ${config.out}` : `--out ${out}`;
  await refuseFile(resolve(cwd, out), out, name);
  const destination = await findDestination(`${out}/`, cwd);
  await planDestination(destination, cwd, { n: 1, names });
  return destination.folder;
}

/** A batch makes many pictures and names them itself. */
async function refuseFile(path: string, out: string, name: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return;
  const isMeant = !/[\\/]$/.test(out) && extensions.includes(extname(out).toLowerCase());
  if (!found && !isMeant) return;
  const problem = found ? 'this is a file' : 'this is the name of one picture';
  throw usage(`${name}: ${problem}, so nothing was sent: batch needs a folder for its pictures; give --out a folder`);
}
