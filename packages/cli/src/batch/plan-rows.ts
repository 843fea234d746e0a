import { resolve } from 'node:path';
import {
  type Cost,
  checkImage,
  type GenerateImageOptions,
  type ImageCheck,
  ImageError,
  type ImageModel,
} from '@imageport/core';
import type { Accounts } from '../accounts.ts';
import type { LoadedConfig } from '../config.ts';
import { toFlags } from '../flag-words.ts';
import type { Io } from '../io.ts';
import { isAddress } from '../references.ts';
import { type RequestFlags, toOptions } from '../request-flags.ts';
import { chooseRoute, withKeys } from '../route.ts';
import { slug } from '../save.ts';
import { usage } from '../usage.ts';
import { BadCell, readFlags } from './columns.ts';
import { describeRequest, describeTarget, digest } from './fingerprint.ts';
import { toPortable } from './portable-model.ts';
import type { Row } from './read-rows.ts';

/** A row that could be sent as it is. */
export interface PlannedRow {
  readonly number: number;
  readonly prompt: string;
  readonly intentId: string;
  /** The name of its picture without the extension; another request has another. */
  readonly stem: string;
  readonly n: number;
  /** Its own id, as its column says it. */
  readonly intent: string | undefined;
  /** What one picture costs at each model of its route, by "provider:model", as it is listed. */
  readonly prices: Readonly<Record<string, Cost>>;
  readonly hosts: readonly string[];
  /** What was left out of its route, in words. */
  readonly notes: readonly string[];
  /** Reads its reference pictures, which all rows together could be too large to hold. */
  options(): Promise<GenerateImageOptions>;
}

export interface Setting {
  readonly flags: RequestFlags;
  readonly config: LoadedConfig;
  readonly accounts: Accounts;
  readonly io: Io;
  /** Where the table is. */
  readonly folder: string;
}

/** Checks every row as `imageport check` would. Throws one error that names all that is wrong: nothing was sent. */
export async function planRows(name: string, rows: readonly Row[], setting: Setting): Promise<PlannedRow[]> {
  const problems: string[] = [];
  const planned: PlannedRow[] = [];
  const names = createNames();
  for (const row of rows) {
    try {
      planned.push(await planRow(row, setting, names));
    } catch (error) {
      problems.push(...describe(error).map((line) => `${name}, row ${row.number}${line}`));
    }
  }
  if (problems.length === 0) return planned;
  const more = problems.length > mostShown ? [`and ${problems.length - mostShown} more`] : [];
  throw usage([...new Set(problems)].slice(0, mostShown).concat(more, 'Nothing was sent.').join('\n'));
}

const mostShown = 20;
/** Letters of a hash that tell two requests apart for good. */
const idLength = 32;

async function planRow(row: Row, setting: Setting, names: Names): Promise<PlannedRow> {
  const { accounts, config, io } = setting;
  const { intent: run, out: _out, maxCost: _cap, ...shared } = setting.flags;
  const { prompt, flags: own } = readFlags(row);
  const { intent, ...asked } = { ...shared, ...placed(own, setting.folder) };
  const { route: given, notes } = withKeys(await routeOf(asked, setting), accounts);
  const read = (): Promise<Omit<GenerateImageOptions, 'model'>> => toOptions(prompt, asked, io.cwd);
  const first = await read();
  const route = given.map((model) => toPortable(model, first));
  const idOf = (name: string): string => ['batch', ...(run === undefined ? [] : [run]), name].join('/');
  const timeout = asked.timeout ?? config.timeout;
  const checks = await checkImage({ ...first, model: route, intentId: idOf(intent ?? '-'.repeat(idLength)), timeout });
  refuseHopeless(checks);
  const hash = names.hash([run, intent, describeRequest(first), describeTarget(checks, accounts)]);
  const intentId = idOf(intent ?? hash.slice(0, idLength));
  const rest = { model: route, intentId, timeout };
  if (intent !== undefined) names.take(intent, row.number);
  return {
    number: row.number,
    ...{ prompt, intent, intentId, notes },
    prices: Object.fromEntries(checks.map(({ provider, modelId, price }) => [`${provider}:${modelId}`, price])),
    stem: `${slug(intent ?? prompt)}-${hash.slice(0, 10)}`,
    n: asked.n ?? 1,
    hosts: route.map(({ provider }) => provider.adapter.name),
    options: async () => ({ ...(await read()), ...rest }),
  };
}

/** A path in the table is meant from the table, as one of the command is from where that is called. */
function placed(own: Partial<RequestFlags>, folder: string): Partial<RequestFlags> {
  const place = (path: string): string => (isAddress(path) ? path : resolve(folder, path));
  const { image, mask } = own;
  return { ...own, ...(image && { image: image.map(place) }), ...(mask && { mask: place(mask) }) };
}

async function routeOf(
  { model, provider, unchecked }: RequestFlags,
  { config, accounts }: Setting,
): Promise<readonly ImageModel[]> {
  try {
    return await chooseRoute({ models: model, provider, unchecked }, config, accounts);
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    throw new BadCell('model', error.message);
  }
}

/** Keeps the rows of a file apart. */
interface Names {
  /** The same facts a second time have another hash: a row that is there twice is asked for twice. */
  hash(facts: readonly unknown[]): string;
  take(intent: string, row: number): void;
}

function createNames(): Names {
  const counts = new Map<string, number>();
  const rows = new Map<string, number>();
  return {
    hash(facts) {
      const hash = digest(JSON.stringify(facts));
      const count = (counts.get(hash) ?? 0) + 1;
      counts.set(hash, count);
      return count === 1 ? hash : digest(`${hash} ${count}`);
    },
    take(intent, row) {
      const before = rows.get(intent);
      if (before !== undefined) throw new BadCell('intent', `row ${before} has the same`);
      rows.set(intent, row);
    },
  };
}

/** Where no model of the route can do it, every reason counts. */
function refuseHopeless(checks: readonly ImageCheck[]): void {
  const errors = checks.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  if (!first || errors.length < checks.length) return;
  throw first.with({ message: errors.map(({ message }) => message).join('\n') });
}

/** The column, where one is to blame, and the words. */
function describe(error: unknown): string[] {
  if (error instanceof BadCell) return [`, column ${error.column}: ${error.message}`];
  if (!ImageError.is(error)) throw error;
  return toFlags(error.message)
    .split('\n')
    .map((line) => {
      const [, column] = /(?:^|[\s:])--?([a-z-]+)/.exec(line) ?? [];
      return column === undefined ? `: ${line}` : `, column ${column}: ${line}`;
    });
}
