import { resolve } from 'node:path';
import { createMemoryLedger, type Ledger } from '@imageport/core';
import { createIntentBook, type IntentBook } from '@imageport/core/book';
import { createFileBookStore } from '@imageport/core/node';
import { createGateway, type GatewayEntry, type KeySource, readSettings } from '@imageport/gateway';
import { openKeys, serveGateway } from '@imageport/gateway/node';
import { type Accounts, firstRun, noteDetours, openAccounts } from '../accounts.ts';
import { type LoadedConfig, loadConfig } from '../config.ts';
import { showDuration } from '../duration.ts';
import { firstSignal } from '../first-signal.ts';
import type { Io } from '../io.ts';
import { openFile } from '../ledger/keeper.ts';
import { findPlace } from '../ledger/place.ts';
import { portProblem } from '../port.ts';
import { note, print, warn } from '../terminal/write.ts';
import { usage } from '../usage.ts';
import { openSecret, placeOf } from './place.ts';
import { chooseServed } from './routes.ts';

export interface GatewayFlags {
  readonly port: number;
  readonly host: string;
  readonly keys?: string;
  readonly config?: string;
  readonly ledger?: string;
  readonly quiet?: boolean;
  readonly emulate: boolean;
  readonly caption?: boolean;
}

/** Serves until a signal comes, and then finishes what is under way. */
export async function runGateway(flags: GatewayFlags, io: Io): Promise<number> {
  const keys = readKeys(flags, io);
  const config = await loadConfig(flags.config, io);
  const accounts = await openAccounts(io, config, flags);
  try {
    const records = await openRecords(flags, accounts, io);
    try {
      return await serve(flags, { config, accounts, records, keys }, io);
    } finally {
      await records.close();
    }
  } finally {
    await accounts.close();
  }
}

const loopback = ['127.0.0.1', 'localhost', '::1'];

function readKeys({ keys, host }: GatewayFlags, io: Io): KeySource | 'open' {
  if (keys !== undefined) return openKeys(resolve(io.cwd, keys));
  if (loopback.includes(host)) return 'open';
  throw usage(`Everybody who reaches ${host} could spend your money: give --keys, or leave out --host`);
}

/** What a gateway keeps, and how it is closed. */
interface Records {
  readonly ledger: Ledger;
  readonly book: IntentBook;
  readonly secret?: string;
  close(): Promise<void>;
}

async function openRecords(flags: GatewayFlags, { emulated }: Accounts, io: Io): Promise<Records> {
  if (emulated) {
    // The jobs of this emulator end with the command, so there is nothing to record.
    const ledger = createMemoryLedger();
    return { ledger, book: createIntentBook({ ledger }), close: async () => undefined };
  }
  const place = await findPlace(flags.ledger, io);
  const files = placeOf(place);
  const secret = await openSecret(files);
  const ledger = openFile(place, files.ledger, io);
  const store = createFileBookStore(files.budgets);
  try {
    // A ledger that another gateway has, or that cannot be read, is said so before anybody asks.
    await ledger.find({ words: '' });
    await store.read('');
  } catch (error) {
    await ledger.close();
    await store.close();
    throw error;
  }
  return {
    ...{ ledger, secret },
    book: createIntentBook({ ledger, store }),
    async close() {
      await ledger.close();
      await store.close();
    },
  };
}

interface Parts {
  readonly config: LoadedConfig;
  readonly accounts: Accounts;
  readonly records: Records;
  readonly keys: KeySource | 'open';
}

async function serve(
  { port, host }: GatewayFlags,
  { config, accounts, records, keys }: Parts,
  io: Io,
): Promise<number> {
  const { registry, names, notes, defaultModel } = chooseServed(config, accounts);
  const settings = readSettings(config.gateway ?? {});
  const { models = names } = settings;
  const usual = defaultModel !== undefined && models.includes(defaultModel) ? defaultModel : undefined;
  const gateway = createGateway({
    ...{ ...settings, models, defaultModel: settings.defaultModel ?? usual, registry, keys },
    ...{ ledger: records.ledger, book: records.book, secret: records.secret },
    log: (entry) => note(io, describe(entry)),
    onError: (error) => warn(io, `error: ${error instanceof Error ? error.message : 'something broke'}`),
  });
  const served = await serveGateway(gateway, { port, hostname: host }).catch((error: NodeJS.ErrnoException) => {
    throw portProblem(port, error);
  });
  if (accounts.emulated) for (const line of firstRun) warn(io, line);
  else noteDetours(io, accounts.usable, accounts);
  for (const line of notes) note(io, line);
  note(io, `Models: ${models.join(', ')}. The base URL for clients, with ${howToAsk(keys)}:`);
  print(io, `${served.url}/v1`);
  note(io, 'Ctrl-C ends it, once what is under way has ended.');
  await firstSignal(io);
  note(io, 'Ending: requests that are under way are finished. Ctrl-C again ends at once; they are recorded.');
  const stop = io.onSignal(() => io.exit(130));
  await served.close();
  stop();
  return 0;
}

const howToAsk = (keys: KeySource | 'open'): string =>
  keys === 'open' ? 'any API key, as everybody on this machine may ask' : 'one of the keys of the file';

/** One line for a request. What was asked for is not in it. */
const describe = ({ route, status, code, key, model, cost, replayed, duration }: GatewayEntry): string =>
  [
    ...[
      `${status}`,
      route ?? 'nowhere',
      code,
      model,
      cost,
      replayed ? 'asked before' : undefined,
      showDuration(duration),
    ],
    key === undefined ? undefined : `by ${key}`,
  ]
    .filter((word) => word !== undefined)
    .join(' ');
