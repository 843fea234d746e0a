import { createHash, timingSafeEqual } from 'node:crypto';
import { resolve } from 'node:path';
import { createMemoryLedger, type MaxCost } from '@imageport/core';
import { type Budget, createIntentBook } from '@imageport/core/book';
import type { ImageServer } from '@imageport/mcp';
import { noteDetours, openAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { firstSignal } from '../first-signal.ts';
import type { Io } from '../io.ts';
import { loadMcp } from '../load-mcp.ts';
import { portProblem } from '../port.ts';
import { note, warn } from '../terminal/write.ts';
import { offerModels } from './models.ts';
import { openRecords, picturesFolder } from './place.ts';

export interface McpFlags {
  readonly http?: number;
  readonly model: readonly string[];
  readonly out?: string;
  readonly files?: string;
  readonly budget?: Budget;
  readonly confirmAbove?: MaxCost;
  readonly wait?: number;
  readonly inline?: boolean;
  readonly emulate?: boolean;
  readonly config?: string;
  readonly ledger?: string;
  readonly quiet?: boolean;
}

/** Serves until the client leaves, or a signal comes. */
export async function runMcp(flags: McpFlags, io: Io): Promise<number> {
  const { createImageServer, ...servers } = await loadMcp();
  const config = await loadConfig(flags.config, io);
  const accounts = await openAccounts(io, config, { emulate: flags.emulate ?? false });
  const closing: (() => Promise<void>)[] = [() => accounts.close()];
  try {
    const { registry, names, notes } = await offerModels(flags.model, config, accounts);
    const folder = await picturesFolder(flags.out, io);
    const records = accounts.emulated ? undefined : await openRecords(flags.ledger, io);
    if (records) closing.push(() => records.close());
    const ledger = records?.ledger ?? createMemoryLedger();
    const { budget, confirmAbove, wait, inline } = flags;
    const images = createImageServer({
      ...{ registry, models: names, ledger, folder, budget, confirmAbove, wait, inline },
      book: createIntentBook({ ledger, ...(records ? { store: records.store } : {}) }),
      ...(flags.files === undefined ? {} : { files: resolve(io.cwd, flags.files) }),
      keys: keysOf(io),
    });
    if (accounts.emulated) warn(io, 'Pictures are drawn by the emulator: no model makes them, nothing is charged.');
    else noteDetours(io, accounts.usable, accounts);
    for (const line of notes) note(io, line);
    note(io, `Models: ${names.join(', ')}. Pictures go to ${folder}`);
    await (flags.http === undefined ? serveStdio(servers, images, io) : serveHttp(servers, images, flags.http, io));
    return 0;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

type Servers = Pick<Awaited<ReturnType<typeof loadMcp>>, 'serveStdio' | 'serveHttp'>;

async function serveStdio(servers: Servers, images: ImageServer, io: Io): Promise<void> {
  const serving = servers.serveStdio(images, io);
  const stop = io.onSignal(() => void serving.close());
  await serving.ended;
  stop();
}

async function serveHttp(servers: Servers, images: ImageServer, port: number, io: Io): Promise<void> {
  const serving = await servers.serveHttp(images, { port }).catch((error: NodeJS.ErrnoException) => {
    throw portProblem(port, error);
  });
  const who = io.env[keyVariable] ? `with the key of ${keyVariable}` : 'from this machine, without a key';
  note(io, `MCP clients connect to ${serving.url}, ${who}. Ctrl-C ends it.`);
  await firstSignal(io);
  await serving.close();
}

const keyVariable = 'IMAGEPORT_MCP_KEY';

/** The one key that callers over HTTP must have, where there is one. It is compared in a time that tells nothing of it. */
function keysOf({ env }: Pick<Io, 'env'>): ((key: string) => string | undefined) | undefined {
  const own = env[keyVariable]?.trim();
  if (!own) return undefined;
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return (key) => (timingSafeEqual(hash(key), hash(own)) ? 'owner' : undefined);
}
