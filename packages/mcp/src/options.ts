import { createMemoryLedger, ImageError, type Ledger, type MaxCost, type Registry } from '@imageport/core';
import { type Budget, createIntentBook, type IntentBook } from '@imageport/core/book';

/** What `createImageServer` is given. */
export interface ImageServerOptions {
  /** Turns the names of `models` into routes: `createRegistry(config, providers)`. */
  readonly registry: Registry;
  /** The names that callers may choose from; the first is used when they choose none. */
  readonly models: readonly string[];
  /** The folder that pictures are saved in, one file each. It is made when the first comes. */
  readonly folder: string;
  /** Where calls and paid jobs are written. With a file ledger a killed server finds its paid jobs again. @default in memory */
  readonly ledger?: Ledger | undefined;
  /** Which request is which. @default `createIntentBook({ ledger })` */
  readonly book?: IntentBook | undefined;
  /** A folder whose pictures `edit_image` may be given by name. @default none: no file is read */
  readonly files?: string | undefined;
  /** What may be spent at most, by currency and period. @default no limit */
  readonly budget?: Budget | undefined;
  /** The user is asked before a call that may cost more, or whose price nobody knows. @default never */
  readonly confirmAbove?: MaxCost | undefined;
  /** Milliseconds after which a tool answers `processing`; clients give up at 60 s. @default 45000 */
  readonly wait?: number | undefined;
  /** Pictures of up to 1 MiB stand in the answer too, as base64. @default false */
  readonly inline?: boolean | undefined;
  /** Whose the requests are: equal requests of one scope meet. With `keys`, every key has a scope of its own in it. @default 'mcp' */
  readonly scope?: string | undefined;
  /** Over HTTP: whose a bearer key is, as a short name, or undefined for a wrong one. @default no key is asked for */
  readonly keys?: ((key: string) => string | undefined | Promise<string | undefined>) | undefined;
  /** Over HTTP: names by which this server may be called, without ports. @default those of this machine: localhost, 127.0.0.1, [::1] */
  readonly hosts?: readonly string[] | undefined;
  /** Over HTTP: names of the sites whose pages may call, without ports. @default those of this machine */
  readonly origins?: readonly string[] | undefined;
}

/** The options with their defaults. */
export interface Settings extends ImageServerOptions {
  readonly models: readonly [string, ...string[]];
  readonly ledger: Ledger;
  readonly book: IntentBook;
  readonly wait: number;
  readonly inline: boolean;
  readonly scope: string;
}

const defaultWait = 45_000;

/** Checks the options and fills in the defaults. Throws `invalid_request`, and `not_found` for a name that the registry has not. */
export function settle(options: ImageServerOptions): Settings {
  const { registry, models, folder, ledger = createMemoryLedger(), wait = defaultWait } = options;
  if (typeof registry !== 'function') throw invalid('`registry` must come from createRegistry()');
  const [first, ...others] = Array.isArray(models) ? models : [];
  if (first === undefined) throw invalid("`models` must be a list of names such as ['hero'], with at least one");
  for (const name of [first, ...others]) registry(name);
  if (typeof folder !== 'string' || folder === '') throw invalid('`folder` must be the path of a folder for pictures');
  if (!(wait > 0)) throw invalid('`wait` must be milliseconds above 0');
  const { book = createIntentBook({ ledger }), inline = false, scope = 'mcp' } = options;
  return { ...options, models: [first, ...others], ledger, book, wait, inline, scope };
}

/** An error found before anything was sent. */
export const invalid = (message: string): ImageError =>
  new ImageError({ code: 'invalid_request', message, billed: 'no', stage: 'prepare' });
