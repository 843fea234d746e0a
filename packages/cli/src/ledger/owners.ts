import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, type Job } from '@imageport/core';
import { makeFolder } from '../make-folder.ts';
import { linkOrCopy, writeNewFile } from '../new-file.ts';
import type { LedgerPlace } from './place.ts';

const folderOf = ({ path }: LedgerPlace): string => join(path, 'owners');

/**
 * Makes sure that one job has one intent although every call has a ledger file of its own: the first to come leaves a
 * file under the name of the job. Throws `job_taken` when that was another intent.
 */
export async function takeJob(place: LedgerPlace, { provider, id }: Job, intentId: string): Promise<void> {
  const folder = folderOf(place);
  await makeFolder(folder, 0o700);
  const path = join(folder, createHash('sha256').update(`${provider}:${id}`).digest('hex').slice(0, 32));
  const draft = join(folder, `.${randomUUID()}.new`);
  try {
    await writeNewFile(draft, intentId, 0o600);
    await linkOrCopy(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = await readFile(path, 'utf8');
    if (owner !== intentId) throw jobTaken(id, owner);
  } finally {
    await rm(draft, { force: true });
  }
}

const jobTaken = (jobId: string, owner: string): ImageError =>
  new ImageError({
    code: 'unavailable',
    reason: 'job_taken',
    message: `The ledger refused: job ${jobId} belongs to intent "${owner}" already`,
    billed: 'no',
    stage: 'ledger',
  });

/** Removes what is older than `retention` milliseconds: no host lists those jobs any more. */
export async function forgetOwners(place: LedgerPlace, retention: number): Promise<void> {
  const folder = folderOf(place);
  const names = await readdir(folder).catch(() => []);
  for (const path of names.map((name) => join(folder, name))) {
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > retention) await rm(path, { force: true });
  }
}
