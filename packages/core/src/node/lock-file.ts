import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';
import { codeOf, type Disk, ledgerError } from './disk.ts';

/** Who has a lock, as its file says. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the system's own count: a pid is given out again. */
  readonly born: string;
  readonly token: string;
  readonly since: string;
}

/** Gives the lock back. */
export type Release = () => Promise<void>;

/**
 * Takes `<path>.lock`, so that one process at a time writes `path`. The lock of a dead process is taken over by
 * exactly one heir: the right to follow a holder is itself a file that only one can create, named after the holder's
 * token, and it is void if the lock has changed meanwhile.
 */
export async function takeLock(io: Disk, path: string): Promise<Release> {
  const lock = `${path}.lock`;
  const me = await describeMe(io);
  const draft = `${lock}.${me.token}`;
  const file = await io.open(draft, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(me));
    while (!(await createOnce(io, draft, lock))) {
      const chain = await readChain(io, path);
      const last = chain.at(-1);
      if (!last) continue; // it was given back just now
      if (await isAlive(io, last)) throw locked(path, last);
      if (await inherit(io, draft, path, chain, me)) break;
    }
  } finally {
    await file.close();
    await io.unlink(draft).catch(() => undefined);
  }
  return async () => {
    const holder = await readHolder(io, path, lock);
    if (holder?.token === me.token) await io.unlink(lock);
  };
}

const heirOf = (path: string, { token }: Holder): string => `${path}.lock.${token}.heir`;

/** Follows the dead holder at the end of the chain. False when somebody else was faster. */
async function inherit(io: Disk, draft: string, path: string, chain: readonly Holder[], me: Holder): Promise<boolean> {
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
  for (const holder of chain) await io.unlink(heirOf(path, holder)).catch(() => undefined);
  return true;
}

/** The holder, and whoever has the right to follow but died on the way. */
async function readChain(io: Disk, path: string): Promise<Holder[]> {
  const chain: Holder[] = [];
  let holder = await readHolder(io, path, `${path}.lock`);
  while (holder) {
    chain.push(holder);
    holder = await readHolder(io, path, heirOf(path, holder));
  }
  return chain;
}

async function readHolder(io: Disk, path: string, file: string): Promise<Holder | undefined> {
  const text = await io.readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  if (text === undefined) return undefined;
  try {
    const holder: Partial<Holder> | null = JSON.parse(text);
    if (typeof holder?.pid === 'number' && typeof holder.token === 'string') return holder as Holder;
  } catch {}
  throw ledgerError(path, `has a lock file that cannot be read. If no process uses it, delete ${file}`);
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

async function describeMe(io: Disk): Promise<Holder> {
  const { pid } = process;
  const born = (await readProcess(io, pid))?.born ?? '';
  return { pid, host: hostname(), born, token: randomUUID(), since: new Date().toISOString() };
}

/** A process of another machine or container cannot be asked, so it counts as alive. */
async function isAlive(io: Disk, { pid, host, born }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  const found = await readProcess(io, pid);
  return !found || (!found.dead && (born === '' || born === found.born));
}

/** What Linux says of a process; undefined elsewhere. */
async function readProcess(io: Disk, pid: number): Promise<{ born: string; dead: boolean } | undefined> {
  const text = await io.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  return fields && state ? { born: fields[19] ?? '', dead: state === 'Z' || state === 'X' } : undefined;
}

function locked(path: string, { pid, host, since }: Holder): Error {
  const who = pid === process.pid ? 'this process itself has it open; share that ledger object' : undefined;
  const where = host === hostname() ? '' : ` on ${host}`;
  const wayOut = `wait for it, use another file, or delete ${path}.lock if that process is gone`;
  return ledgerError(path, `is in use by process ${pid}${where} since ${since}: ${who ?? wayOut}`).with({
    reason: 'ledger_locked',
  });
}
