import { constants } from 'node:fs';
import type { Disk } from '../../src/node/index.ts';

const failed = (code: string): Error => Object.assign(new Error(code), { code });

interface File {
  readonly ino: number;
  bytes: Buffer;
  /** When it was written last, in epoch milliseconds. */
  changed: number;
  /** What a crash leaves. */
  durable: Buffer;
}

/** A disk in memory, so that a file ledger can be played on a virtual clock. What was not synced is lost in a crash. */
export interface MemoryDisk {
  /** The disk as a process that begins now sees it. */
  mount(): Disk;
  /** The process is gone, and its locks with it. What it had under way never ends, and changes nothing. */
  crash(): void;
}

let inodes = 0;

function empty(): File {
  inodes += 1;
  return { ino: inodes, bytes: Buffer.alloc(0), durable: Buffer.alloc(0), changed: Date.now() };
}

/** What `open` was asked for, by the letters or by the bits of the system. */
function readFlags(how: string | number) {
  if (typeof how === 'string') {
    const creates = !how.startsWith('r');
    return { creates, isNew: how.includes('x'), empties: how.startsWith('w') };
  }
  const has = (bit: number): boolean => (how & bit) !== 0;
  return { creates: has(constants.O_CREAT), isNew: has(constants.O_EXCL), empties: has(constants.O_TRUNC) };
}

export function createMemoryDisk(): MemoryDisk {
  const files = new Map<string, File>([['/', empty()]]);
  let life = 0;
  return {
    mount() {
      const born = life;
      return mount(files, async () => (life === born ? undefined : new Promise<never>(() => undefined)));
    },
    crash() {
      life += 1;
      for (const [path, file] of files) {
        if (path.includes('.lock')) files.delete(path);
        else file.bytes = file.durable;
      }
    },
  };
}

function mount(files: Map<string, File>, alive: () => Promise<void>): Disk {
  const find = (path: string): File => {
    const file = files.get(path);
    if (!file) throw failed('ENOENT');
    return file;
  };
  const add = (path: string, file: File): File => {
    if (files.has(path)) throw failed('EEXIST');
    files.set(path, file);
    return file;
  };
  const describe = (file: File, bigint = false) => {
    const nlink = [...files.values()].filter((each) => each === file).length;
    const facts = { size: file.bytes.length, ino: file.ino, dev: 1, mode: 0o100600, nlink };
    const large = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, BigInt(value)]));
    return { ...(bigint ? large : facts), mtimeMs: file.changed, isFile: () => true };
  };
  const calls = {
    open: (path: string, how: string | number = 'r') => {
      const { creates, isNew, empties } = readFlags(how);
      const file = isNew || (creates && !files.has(path)) ? add(path, empty()) : find(path);
      if (empties) file.bytes = Buffer.alloc(0);
      return openHandle(file, alive, (bigint) => describe(file, bigint));
    },
    stat: (path: string, how?: { bigint?: boolean }) => describe(find(path), how?.bigint),
    lstat: (path: string) => describe(find(path)),
    readlink: () => {
      throw failed('EINVAL');
    },
    rename: (from: string, to: string) => {
      files.set(to, find(from));
      files.delete(from);
    },
    mkdir: () => undefined,
    realpath: (path: string) => find(path) && path,
    unlink: (path: string) => void (find(path) && files.delete(path)),
    readFile: (path: string) => find(path).bytes.toString(),
    link: (from: string, to: string) => void add(to, find(from)),
    copyFile: (from: string, to: string) => void add(to, { ...empty(), bytes: find(from).bytes }),
  };
  const living = Object.entries(calls).map(([name, call]) => {
    const later = async (...args: [string, never]): Promise<unknown> => {
      await alive();
      return call(...args);
    };
    return [name, later] as const;
  });
  // The part of `node:fs/promises` that is used, not all of its overloads.
  return Object.fromEntries(living) as unknown as Disk;
}

function openHandle(file: File, alive: () => Promise<void>, stat: (bigint?: boolean) => object) {
  let at = 0;
  const read = async (target: Buffer, offset = 0, length = target.length, position: number | null = null) => {
    await alive();
    const from = position ?? at;
    const bytesRead = file.bytes.copy(target, offset, from, Math.min(file.bytes.length, from + length));
    if (position === null) at += bytesRead;
    return { bytesRead, buffer: target };
  };
  const write = async (bytes: Buffer | string, offset = 0, length?: number, position: number | null = null) => {
    await alive();
    const whole = Buffer.from(bytes);
    const part = whole.subarray(offset, offset + (length ?? whole.length));
    const start = position ?? file.bytes.length;
    file.bytes = Buffer.concat([file.bytes.subarray(0, start), part, file.bytes.subarray(start + part.length)]);
    file.changed = Date.now();
    return { bytesWritten: part.length, buffer: bytes };
  };
  const sync = async (): Promise<void> => {
    await alive();
    file.durable = file.bytes;
  };
  const truncate = async (length = 0): Promise<void> => {
    await alive();
    file.bytes = file.bytes.subarray(0, length);
  };
  return {
    ...{ read, write, sync, datasync: sync, truncate, appendFile: write, writeFile: write },
    readFile: async () => file.bytes.toString(),
    stat: async (how?: { bigint?: boolean }) => stat(how?.bigint),
    chmod: async () => undefined,
    utimes: async () => undefined,
    close: async () => undefined,
  };
}
