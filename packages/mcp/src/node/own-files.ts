import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { invalid } from '../options.ts';
import { codeOf, readRegularFile } from './read-file.ts';

/** More than hosts take. */
const mostBytes = 32 * 1024 * 1024;

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file in the folder of reference pictures',
  ENOTDIR: 'there is no such file in the folder of reference pictures',
  EFBIG: 'the file is larger than 32 MiB',
  EINVAL: 'this is not a regular file',
};

/**
 * Reads a file inside `folder`. Throws `invalid_request` for a name that leads out of it, by its words or by a symbolic link, and for
 * what is no regular file. Nothing in the message says what lies outside.
 */
export async function readOwnFile(folder: string, name: string): Promise<Uint8Array> {
  const refuse = (why: string) => invalid(`\`images\`: ${JSON.stringify(name.slice(0, 100))}: ${why}`);
  const parts = name.split('/');
  const isPlain = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  // A colon is a drive or a second stream of a file on Windows, where a backslash parts names.
  if (!isPlain || /[\0\\:]/.test(name)) throw refuse('give the name of a file in the folder of reference pictures');
  try {
    const home = await realpath(resolve(folder));
    const path = await realpath(resolve(home, ...parts));
    const inside = relative(home, path);
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw outside;
    return await readRegularFile(path, mostBytes);
  } catch (error) {
    throw refuse(problems[String(codeOf(error))] ?? 'it cannot be read from the folder of reference pictures');
  }
}

const outside = new Error('outside');
