import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import { codeOf, type Disk, flags, ledgerError } from './disk.ts';

/** Who has a lock, as its file says. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** The boot of the machine and the PID namespace: only within both does a pid mean one process. Empty off Linux. */
  readonly boot: string;
  readonly namespace: string;
  /** When the process began, in the system's own count: a pid is given out again. */
  readonly born: string;
  readonly token: string;
  readonly since: string;
}

/** A lock file that was found. */
export interface FoundLock {
  /** Names the file that the one who follows must create. */
  readonly token: string;
  /** Absent when the file is empty or cut off: whoever made it died on the way, or is about to fill it. */
  readonly holder?: Holder;
  /** When it was last written, by the clock of the file system, in milliseconds. */
  readonly touched: number;
}

/** Milliseconds between two signs of life of a holder. */
export const heartbeat = 10_000;
/** Milliseconds without one after which a holder that cannot be asked counts as dead. */
export const silence = 90_000;
/** The same for a lock file that does not say whose it is. */
const unnamed = 10_000;

const largest = 4_096;

export async function describeMe(io: Disk): Promise<Holder> {
  const { pid } = process;
  const namespace = await io.readlink('/proc/self/ns/pid').catch(() => '');
  const boot = await io.readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const born = (await readProcess(io, pid))?.born ?? '';
  return {
    ...{ pid, host: hostname(), boot: boot.trim(), namespace, born },
    ...{ token: randomUUID(), since: new Date().toISOString() },
  };
}

/** Reads a lock file; undefined when there is none. */
export async function readLock(io: Disk, path: string, file: string): Promise<FoundLock | undefined> {
  const handle = await io.open(file, flags.read).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw ledgerError(path, `has a lock file that cannot be opened. If no process uses it, delete ${file}`, error);
  });
  if (!handle) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw ledgerError(path, `has a lock that is no file. If no process uses it, delete ${file}`);
    const bytes = Buffer.alloc(largest);
    const { bytesRead } = await handle.read(bytes, 0, largest, 0);
    const holder = parseHolder(bytes.toString('utf8', 0, bytesRead));
    const touched = found.mtimeMs;
    return holder ? { token: holder.token, holder, touched } : { token: `unnamed-${found.ino}`, touched };
  } finally {
    await handle.close();
  }
}

/** A token becomes part of a file name, so nothing else than a plain word is one. */
const isToken = (token: unknown): token is string => typeof token === 'string' && /^[\w-]{1,64}$/.test(token);

function parseHolder(text: string): Holder | undefined {
  try {
    const found: Partial<Record<keyof Holder, unknown>> | null = JSON.parse(text);
    if (typeof found?.pid !== 'number' || !isToken(found.token)) return undefined;
    const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
    const [host, boot, namespace] = [textOf(found.host), textOf(found.boot), textOf(found.namespace)];
    return {
      pid: found.pid,
      token: found.token,
      host,
      boot,
      namespace,
      born: textOf(found.born),
      since: textOf(found.since),
    };
  } catch {
    return undefined;
  }
}

/**
 * A holder of the same PID namespace is asked by its pid. Any other gives a sign of life every ten seconds as long as it
 * lives; `now` is the time by the clock of the file system, as `touched` is.
 */
export async function isAlive(io: Disk, { holder, touched }: FoundLock, me: Holder, now: number): Promise<boolean> {
  const age = now - touched;
  if (!holder) return age < unnamed;
  if (canAsk(holder, me)) return isRunning(io, holder);
  // A version that gave no signs of life and did not name its namespace.
  if (holder.boot === '' && me.boot !== '') return holder.host !== me.host || age < silence || isRunning(io, holder);
  return age < silence;
}

export const canAsk = (holder: Holder, me: Holder): boolean =>
  holder.host === me.host &&
  holder.boot === me.boot &&
  holder.namespace === me.namespace &&
  // Without these a Linux process cannot know who its neighbours are.
  (process.platform !== 'linux' || (me.boot !== '' && me.namespace !== ''));

async function isRunning(io: Disk, { pid, born }: Holder): Promise<boolean> {
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
