import { createMemoryLedger, ImageError, type Ledger, type Registry } from '@imageport/core';
import { createIntentBook, type IntentBook } from '@imageport/core/book';
import { createTokens } from './files.ts';
import { createHandlers } from './handlers.ts';
import { type GatewayKey, identify, type KeySource } from './keys.ts';
import { createLog, type GatewayEntry } from './log.ts';
import { isAllowed } from './models.ts';
import { Refusal } from './refusal.ts';
import { intentOf, toErrorResponse } from './respond.ts';
import { matchRoute } from './routes.ts';
import { type GatewaySettings, invalidSetting, readSettings } from './settings.ts';
import { createSlots } from './slots.ts';
import { toFailure } from './to-error.ts';

export interface GatewayOptions extends GatewaySettings {
  /** Turns the names in `models` into routes: `createRegistry(config, providers)`. */
  readonly registry: Registry;
  /** Who may ask, such as `openKeys('keys.json')` of `@imageport/gateway/node`; `'open'` lets everybody spend who reaches it. */
  readonly keys: KeySource | 'open';
  /** Where intents and paid jobs are written. One that outlives the process makes a restart cost nothing. @default a memory ledger */
  readonly ledger?: Ledger | undefined;
  /** Says which request is which, and keeps budgets; it must use the same ledger. @default a book of `ledger`, with budgets in memory */
  readonly book?: IntentBook | undefined;
  /** Any long random text: with the same one, addresses of pictures hold over a restart and on other instances. @default a random one */
  readonly secret?: string | undefined;
  /** Receives an entry for every request, without prompts, keys and addresses. @default none */
  readonly log?: ((entry: GatewayEntry) => void) | undefined;
  /** Receives what went wrong unexpectedly. @default none */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** An OpenAI-compatible image endpoint as a Fetch handler. */
export interface Gateway {
  /** For `export default { fetch: gateway.fetch }`, `Deno.serve` or any server of web-standard requests. Never rejects. */
  fetch(request: Request, ...context: readonly unknown[]): Promise<Response>;
  /** Resolves when no call is under way, those whose clients have left included. For a server that is to stop. */
  idle(): Promise<void>;
}

const defaultTimeout = 240_000;
const defaultMostBytes = 64 * 1024 * 1024;
const defaultFileLifetime = 24 * 60 * 60 * 1000;

/**
 * Serves `POST /v1/images/generations` and `/edits`, `GET /v1/models` and the pictures themselves. A request that is repeated by its
 * client, or asked again after an error, is paid once. Throws `invalid_request` for settings that are wrong.
 */
export function createGateway(options: GatewayOptions): Gateway {
  checkOptions(options);
  const { registry, keys, ledger = createMemoryLedger(), secret, ...settings } = options;
  const [log, onError] = [harmless(options.log), harmless(options.onError)];
  const { mostBytes = defaultMostBytes, timeout = defaultTimeout, fileLifetime = defaultFileLifetime } = settings;
  const book = options.book ?? createIntentBook({ ledger });
  const running = new Set<Promise<unknown>>();
  const handlers = createHandlers({
    ...{ settings, registry, mostBytes, running, onError },
    tokens: createTokens(secret, fileLifetime),
    workshop: { ledger, book, slots: createSlots(), timeout, onError },
  });

  async function answer(request: Request, context: readonly unknown[]): Promise<Response> {
    const requestId = `req_${crypto.randomUUID()}`;
    const entry = createLog(log, request.method, requestId);
    try {
      const { name, params, isOpen } = matchRoute(request);
      entry.note({ route: name });
      const key = isOpen ? nobody : await identify(request, keys);
      if (!isOpen) entry.note({ key: key.id });
      const asked = { request, key, params, note: entry.note, waitUntil: waitUntilOf(context) };
      return entry.end(await handlers[name](asked));
    } catch (error) {
      if (!(error instanceof Refusal || ImageError.is(error))) onError(error);
      const failure = toFailure(error);
      entry.note({ failure });
      return entry.end(toErrorResponse(failure, intentOf(error)));
    }
  }

  return {
    fetch: (request, ...context) => answer(request, context),
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** What a listener throws is its own affair: a paid picture must not be lost over it. */
const harmless =
  <Given>(listener: ((given: Given) => void) | undefined) =>
  (given: Given): void => {
    try {
      listener?.(given);
    } catch {}
  };

/** Nobody has to say who they are on some routes. */
const nobody: GatewayKey = { id: '', sha256: '' };

/** Workers end with their answer unless they are told what goes on. */
function waitUntilOf(context: readonly unknown[]): ((work: Promise<unknown>) => void) | undefined {
  const found = context.find(
    (each): each is { waitUntil(work: Promise<unknown>): void } =>
      typeof each === 'object' && each !== null && 'waitUntil' in each && typeof each.waitUntil === 'function',
  );
  return found && ((work) => found.waitUntil(work));
}

function checkOptions({
  registry,
  keys,
  ledger,
  book,
  secret: _,
  log: _log,
  onError: _error,
  ...settings
}: GatewayOptions): void {
  if (typeof registry !== 'function') throw invalidSetting('"registry" must come from createRegistry()');
  if (keys !== 'open' && typeof keys !== 'function' && !Array.isArray(keys)) {
    throw invalidSetting(`"keys" must be a list of keys, openKeys('keys.json'), or 'open' for everybody`);
  }
  if (book && !ledger) throw invalidSetting('"book" needs "ledger": the one that the book was made with');
  const { models = [], aliases = {}, defaultModel } = readSettings(settings);
  if (models.length === 0) throw invalidSetting('"models" must name at least one model');
  const names = new Set([...models, ...Object.keys(aliases)]);
  if (defaultModel !== undefined && !names.has(defaultModel)) {
    throw invalidSetting('"defaultModel" must be one of "models" or "aliases"');
  }
  for (const [alias, name] of Object.entries(aliases)) {
    if (!isAllowed(name, models))
      throw invalidSetting(`"aliases.${alias}" must be one of "models", and "${name}" is not`);
  }
  for (const name of models) if (!name.endsWith(':*')) registry(name);
}
