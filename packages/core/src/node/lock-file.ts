import { constants } from 'node:fs';
import process from 'node:process';
import { codeOf, type Disk, type DiskFile, flags, ledgerError } from './disk.ts';
import {
  canAsk,
  describeMe,
  type FoundLock,
  type Holder,
  heartbeat,
  isAlive,
  readLock,
  silence,
} from './lock-holder.ts';

/** The right to write a ledger file. */
export interface Lock {
  /** Throws when somebody else has it by now. */
  check(): Promise<void>;
  /** Gives it back. */
  release(): Promise<void>;
}

/** So many times a lock can be given back or taken by others before a process gives up. */
const mostTries = 100;
/** So many processes can have died while they took over the lock, before something must be wrong. */
const longestChain = 64;

/**
 * Takes `<path>.lock`, so that one process at a time writes `path`. The lock of a dead process is taken over by
 * exactly one other: the right to follow a holder is itself a file that only one can create, named after the holder's
 * token, and it is void if the lock has changed meanwhile.
 */
export async function takeLock(io: Disk, path: string): Promise<Lock> {
  const me = await describeMe(io);
  const draft = `${path}.lock.${me.token}`;
  const file = await io.open(draft, flags.create, 0o600);
  try {
    await file.writeFile(JSON.stringify(me));
    const now = (await file.stat()).mtimeMs;
    await acquire(io, path, draft, me, now);
    return await holdLock(io, path, me);
  } catch (error) {
    await giveBack(io, path, me).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
    await io.unlink(draft).catch(() => undefined);
  }
}

async function giveBack(io: Disk, path: string, { token }: Holder): Promise<void> {
  const found = await readLock(io, path, `${path}.lock`);
  if (found?.token === token) await io.unlink(`${path}.lock`);
}

async function acquire(io: Disk, path: string, draft: string, me: Holder, now: number): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (await createOnce(io, draft, `${path}.lock`)) return;
    const chain = await readChain(io, path);
    const last = chain.at(-1);
    if (!last) continue; // it was given back just now
    if (await isAlive(io, last, me, now)) throw locked(path, last, me, now);
    if (await inherit(io, draft, path, chain, me)) return;
  }
  throw ledgerError(
    path,
    `could not be locked: its lock changes all the time. If no process uses it, delete ${path}.lock`,
  );
}

/** Shows signs of life, for those who cannot ask, and watches over the file. */
async function holdLock(io: Disk, path: string, me: Holder): Promise<Lock> {
  const name = `${path}.lock`;
  const file = await io.open(name, flags.update);
  // As long as this handle is open, no other file can get its number.
  const own = await file.stat({ bigint: true }).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  const content = Buffer.from(JSON.stringify(me));
  const timer = setInterval(() => void touch(file, content), heartbeat).unref();
  const isOwn = async (): Promise<boolean | undefined> => {
    const found = await io.stat(name, { bigint: true }).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    return found ? found.ino === own.ino && found.dev === own.dev : undefined;
  };
  return {
    async check() {
      const found = await isOwn();
      if (!found) throw lost(path, found !== undefined);
    },
    async release() {
      clearInterval(timer);
      if (await isOwn().catch(() => false)) await io.unlink(name);
      await file.close();
    },
  };
}

/** Writes the same bytes again: the file system notes when, by the one clock that every reader of the file shares. */
const touch = (file: DiskFile, content: Buffer): Promise<void> =>
  file.write(content, 0, content.length, 0).then(
    () => file.datasync().catch(() => undefined),
    () => undefined,
  );

const heirOf = (path: string, { token }: { readonly token: string }): string => `${path}.lock.${token}.heir`;

/** Follows the dead holder at the end of the chain. False when somebody else was faster. */
async function inherit(
  io: Disk,
  draft: string,
  path: string,
  chain: readonly FoundLock[],
  me: Holder,
): Promise<boolean> {
  const last = chain.at(-1) ?? me;
  if (!(await createOnce(io, draft, heirOf(path, last)))) return false;
  const now = await readChain(io, path);
  const wanted = [...chain, me].map(({ token }) => token).join();
  if (now.map(({ token }) => token).join() !== wanted) {
    await io.unlink(heirOf(path, last));
    return false;
  }
  await io.rename(draft, `${path}.lock`);
  // Only now: as long as the old lock stood, these said who may follow it.
  for (const each of chain) await io.unlink(heirOf(path, each)).catch(() => undefined);
  return true;
}

/** The holder, and whoever has the right to follow but died on the way. */
async function readChain(io: Disk, path: string): Promise<FoundLock[]> {
  const chain: FoundLock[] = [];
  const seen = new Set<string>();
  let found = await readLock(io, path, `${path}.lock`);
  while (found) {
    if (seen.has(found.token) || chain.length >= longestChain) {
      throw ledgerError(path, `has lock files that name each other. If no process uses it, delete ${path}.lock*`);
    }
    chain.push(found);
    seen.add(found.token);
    found = await readLock(io, path, heirOf(path, found));
  }
  return chain;
}

const withoutLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** A file that appears with its whole content, or not at all because the name is taken. */
async function createOnce(io: Disk, draft: string, name: string): Promise<boolean> {
  try {
    await io.link(draft, name).catch(async (error: unknown) => {
      if (!withoutLinks.includes(codeOf(error) ?? '')) throw error;
      await io.copyFile(draft, name, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function locked(path: string, { holder, touched }: FoundLock, me: Holder, now: number): Error {
  if (!holder) {
    return refusal(path, `is being opened by another process, or one died at it; try again in a few seconds`);
  }
  const { pid, host, since } = holder;
  const isMe = pid === process.pid && canAsk(holder, me);
  const where = host !== me.host ? ` on ${host}` : canAsk(holder, me) ? '' : ' of another container or boot';
  const seen = Math.max(0, Math.round((now - touched) / 1000));
  const silent = canAsk(holder, me)
    ? ''
    : `; last sign of life ${seen} s ago, it is taken over after ${silence / 1000} s`;
  const wayOut = `wait for it, use another file, or delete ${path}.lock if that process is gone`;
  const advice = isMe ? 'this process itself has it open; share that ledger object' : wayOut;
  return refusal(path, `is in use by process ${pid}${where} since ${since}${silent}: ${advice}`);
}

const refusal = (path: string, problem: string): Error => ledgerError(path, problem).with({ reason: 'ledger_locked' });

/** Another process writes the file, or may: what this one knows of it is out of date. */
const lost = (path: string, isTaken: boolean): Error =>
  isTaken
    ? refusal(
        path,
        'was taken over by another process while this one gave no sign of life, so this write does not count',
      )
    : ledgerError(
        path,
        `lost its lock: ${path}.lock was deleted, so this write does not count. Create the ledger anew to go on`,
      );
