import type { Family } from '@imageport/core';
import { families as byHand } from '../families.ts';
import { fetchList } from './fetch-list.ts';
import { joinList, type Tables } from './join.ts';
import type { CachedList, CatalogueCache, ListAccess, LiveCatalogue } from './live-catalogue.ts';
import { type ListedModel, readIds, readList } from './read-list.ts';

export interface LiveCatalogueOptions {
  /** Keeps the list from one process to the next: `catalogueFile()` of `@imageport/wavespeed/node`. @default memory */
  readonly cache?: CatalogueCache | undefined;
}

/** Milliseconds for which a list is used before the host is asked again, and after a failure. */
const lifetime = 60 * 60 * 1000;
const rest = 60 * 1000;

/**
 * Validates against the host's own list of models, read with the account's key at most once an hour. It has ids that are newer than
 * the tables; what neither has a schema for is refused unless the request says `unchecked`, and what only the tables know is checked
 * against them, with a warning. While the list cannot be read, the last one holds, or the tables: every result says so in its
 * `warnings`, and every refusal of an id that is not known.
 */
export const liveCatalogue = ({ cache }: LiveCatalogueOptions = {}): LiveCatalogue => ({
  '~bind': (access) => createLoader(access, cache),
});

/** Families, the moment until which they are used, and in words why they may be older than what the host has. */
interface Current {
  readonly families: readonly Family[];
  readonly until: number;
  readonly doubt?: string;
}

function createLoader(access: () => ListAccess, cache: CatalogueCache | undefined) {
  let current: Current | undefined;
  let list: CachedList | undefined;
  let loading: Promise<Current> | undefined;

  const refresh = async (): Promise<Current> => {
    const who = access();
    const tables = await readTables();
    const known = list ?? (await cache?.read().catch(() => undefined));
    list = known?.baseUrl === who.baseUrl && isWhole(readList(known.body), tables) ? known : undefined;
    if (list && Date.now() - list.readAt < lifetime) return join(list, tables, list.readAt + lifetime);
    const answer = await fetchList(who, list?.etag);
    if ('problem' in answer) return fallBack(answer.problem, list, tables);
    const readAt = Date.now();
    const fresh = 'unchanged' in answer ? list && { ...list, readAt } : { baseUrl: who.baseUrl, readAt, ...answer };
    if (!fresh || !isWhole(readList(fresh.body), tables))
      return fallBack('a list that was cut, or is none', list, tables);
    list = fresh;
    // A cache that cannot be written costs one more request another time.
    await cache?.write(fresh).catch(() => undefined);
    return join(fresh, tables, readAt + lifetime);
  };

  const load = async (): Promise<readonly Family[]> => {
    if (current && Date.now() < current.until) return current.families;
    loading ??= refresh().finally(() => {
      loading = undefined;
    });
    current = await loading;
    return current.families;
  };
  return { load, doubt: () => current?.doubt };
}

async function readTables(): Promise<Tables> {
  const [{ families: generated, asOf }, { knownModels }, { formulas }] = await Promise.all([
    import('../catalogue/index.ts'),
    import('./compare.ts'),
    import('./formulas.ts'),
  ]);
  const bases = knownModels().map(({ id, basePrice }) => [id, basePrice?.amount ?? 0] as const);
  const byId = formulas.flatMap(([formula, ...ids]) => ids.map((id) => [id, formula] as const));
  return { byHand, generated, asOf, bases: new Map(bases), formulas: new Map(byId) };
}

/** The host drops a few models a month: a list that lacks a tenth of those of the tables was cut. */
function isWhole(list: readonly ListedModel[] | undefined, { generated }: Tables): boolean {
  const live = generated.flatMap(({ models }) => models.filter(({ gone }) => !gone));
  const ids = new Set(list?.map(({ id }) => id));
  return live.filter(({ native }) => ids.has(native)).length >= live.length * 0.9;
}

const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

const join = ({ body, readAt }: CachedList, tables: Tables, until: number): Current => ({
  families: joinList({ list: readList(body) ?? [], named: readIds(body), date: dayOf(readAt) }, tables),
  until,
});

/** An older list is better than none, and the tables are better than an empty one; both say what they are. */
function fallBack(problem: string, list: CachedList | undefined, tables: Tables): Current {
  const until = Date.now() + rest;
  const families = list ? join(list, tables, until).families : [...tables.byHand, ...tables.generated];
  const holds = list ? `the list of ${dayOf(list.readAt)}` : `the tables of ${tables.asOf}`;
  const doubt = `wavespeed: the list of models could not be read (${problem}), so it was checked against ${holds}`;
  return { until, families, doubt };
}
