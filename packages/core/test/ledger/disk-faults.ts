import { type Disk, disk } from '../../src/node/disk.ts';

type DiskFile = Awaited<ReturnType<Disk['open']>>;
type Call = 'open' | 'write' | 'datasync' | 'sync' | 'truncate' | 'rename' | 'link' | 'mkdir';

/** A disk that does what the real one does, counts it, and fails when it is told to. */
export interface FaultyDisk extends Disk {
  readonly counts: Partial<Record<Call, number>>;
  /** From the n-th call of a kind on, this many fail; a write first puts `bytes` of its bytes on the disk. */
  fail(call: Call, fault: { code: string; nth?: number; times?: number; bytes?: number }): void;
  heal(): void;
}

interface Planned {
  readonly call: Call;
  readonly code: string;
  readonly bytes: number;
  skip: number;
  left: number;
}

/** A disk that claims to be quick: for tests that open hundreds of ledgers and cut no power. */
export const quickDisk: Disk = {
  ...disk,
  open: async (...args) => {
    const file = await disk.open(...args);
    return Object.assign(file, { sync: async () => undefined, datasync: async () => undefined });
  },
};

export function createFaultyDisk(): FaultyDisk {
  const counts: Partial<Record<Call, number>> = {};
  let planned: Planned[] = [];
  const due = (call: Call): Planned | undefined => {
    counts[call] = (counts[call] ?? 0) + 1;
    const fault = planned.find((each) => each.call === call && each.left > 0);
    if (!fault) return undefined;
    fault.skip -= 1;
    if (fault.skip > 0) return undefined;
    fault.left -= 1;
    return fault;
  };
  const check = (call: Call): void => {
    const fault = due(call);
    if (fault) throw toError(fault.code, call);
  };
  return {
    ...disk,
    counts,
    fail: (call, { code, nth = 1, times = 1, bytes = 0 }) =>
      void planned.push({ call, code, bytes, skip: nth, left: times }),
    heal: () => {
      planned = [];
    },
    rename: async (...args) => {
      check('rename');
      return disk.rename(...args);
    },
    link: async (...args) => {
      check('link');
      return disk.link(...args);
    },
    mkdir: (async (...args: Parameters<Disk['mkdir']>) => {
      check('mkdir');
      return disk.mkdir(...args);
    }) as Disk['mkdir'],
    open: async (...args) => {
      check('open');
      return spoil(await disk.open(...args), due, check);
    },
  };
}

/** Stands before a real file. */
function spoil(file: DiskFile, due: (call: Call) => Planned | undefined, check: (call: Call) => void): DiskFile {
  const spoilt = {
    async write(bytes: Buffer, offset: number, length: number) {
      const fault = due('write');
      if (!fault) return file.write(bytes, offset, length);
      await file.write(bytes, offset, Math.min(length, fault.bytes));
      throw toError(fault.code, 'write');
    },
    async datasync() {
      check('datasync');
      return file.datasync();
    },
    async sync() {
      check('sync');
      return file.sync();
    },
    async truncate(length: number) {
      check('truncate');
      return file.truncate(length);
    },
  };
  return new Proxy(file, {
    get(target, name) {
      const value: unknown = name in spoilt ? spoilt[name as keyof typeof spoilt] : Reflect.get(target, name);
      return typeof value === 'function' && !(name in spoilt) ? value.bind(target) : value;
    },
  });
}

const toError = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall });
