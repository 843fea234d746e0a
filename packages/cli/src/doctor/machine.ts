import { randomUUID } from 'node:crypto';
import { access, constants, lstat, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { checkRuntime, isOpen } from '@imageport/core';
import { temporaryName } from '../destination.ts';
import type { Io } from '../io.ts';
import { findPlace } from '../ledger/place.ts';
import { checkNamed, problemOf, readPlace } from '../ledger/read.ts';
import { makeFolder } from '../make-folder.ts';
import { type Finding, ok, problem, toProblem, warning } from './finding.ts';

export function checkNode(): Finding {
  try {
    checkRuntime();
    return ok('node', `${process.version} on ${process.platform} ${process.arch}`);
  } catch (error) {
    return toProblem('node', error);
  }
}

/** Whether jobs can be recorded, which must work before anything is sent, and what is unfinished. */
export async function checkLedger(given: string | undefined, io: Pick<Io, 'env' | 'cwd'>): Promise<Finding[]> {
  try {
    const place = await findPlace(given, io);
    const refused = place.isFolder
      ? await tryWriting(place.path)
      : ((await tryWriting(dirname(place.path))) ?? (await tryName(place.path)));
    if (refused)
      return [
        problem('ledger', 'unavailable', `${place.path} cannot be written (${refused}): give --ledger another place`),
      ];
    const contents = await readPlace(place);
    checkNamed(place, contents);
    const unfinished = contents.flatMap(({ records }) => records.filter(isOpen)).length;
    const unread = contents.flatMap((content) => problemOf(content) ?? []);
    const damaged = contents.filter(({ whole, problem }) => !whole && problem === undefined).map(({ path }) => path);
    return [
      ok('ledger', `${place.path} can be written`),
      ...(unfinished > 0 ? [warning('ledger', `${unfinished} unfinished: imageport jobs says what to do`)] : []),
      ...unread.map((error) => toProblem('ledger', error)),
      ...damaged.map((path) => warning('ledger', `${path} is in use or damaged: imageport jobs repairs it`)),
    ];
  } catch (error) {
    return [toProblem('ledger', error)];
  }
}

async function tryWriting(folder: string): Promise<string | undefined> {
  try {
    const isThere = await stat(folder).then(
      () => true,
      () => false,
    );
    if (!isThere) await makeFolder(folder, 0o700);
    const path = temporaryName(folder);
    await (await open(path, 'wx', 0o600)).close();
    await rm(path);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

/** The longest name that a ledger gives to a file beside it: a lock that is taken over. */
const sideName = `.lock.${randomUUID()}.heir`;

/** Whether a file of this name can be there, its lock beside it, and can be written if it is; it is not touched. */
async function tryName(path: string): Promise<string | undefined> {
  const codeOf = (error: NodeJS.ErrnoException): string | undefined =>
    error.code === 'ENOENT' ? undefined : error.code;
  return (
    (await lstat(path + sideName).then(() => undefined, codeOf)) ??
    access(path, constants.W_OK).then(() => undefined, codeOf)
  );
}
