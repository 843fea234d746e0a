import { createRegistry, type ImageModel, type Provider } from '@imageport/core';
import { familiesOf, loadCatalogue } from '@imageport/core/catalogue';
import type { Accounts } from './accounts.ts';
import type { LoadedConfig } from './config.ts';
import { didYouMean } from './near.ts';
import { refusal, usage } from './usage.ts';

export interface Choice {
  /** --model, in order. */
  readonly models: readonly string[];
  /** --provider. */
  readonly provider?: string | undefined;
  /** What is asked where nothing is named: ids, or "host:model" of which those of hosts that can be asked count. */
  readonly fallback?: readonly string[] | undefined;
  /** --unchecked: an id that no table has is asked for as it is. */
  readonly unchecked?: boolean | undefined;
}

const fallbackModel = 'seedream-4';

/** Turns names into a route: a name of the config, a portable or native id, or "provider:model". */
export async function chooseRoute(
  choice: Choice,
  config: LoadedConfig,
  accounts: Accounts,
): Promise<readonly ImageModel[]> {
  const { provider, unchecked = false } = choice;
  const registry = createRegistry({ models: config.models }, accounts.providers);
  const candidates = accounts.providers.filter((each) => isCandidate(each, provider, accounts));
  const names = choice.models.length > 0 ? choice.models : fallbackOf(choice, config, candidates);
  await knowModels(names, accounts.providers);
  const route = names.flatMap((name) => {
    const named = config.models !== undefined && Object.hasOwn(config.models, name);
    if (named) return registry(name);
    if (hasHost(name, accounts)) return [findAtHost(name, accounts.providers, unchecked)];
    return findByModel(name, { candidates, provider, unchecked, own: Object.keys(config.models ?? {}) });
  });
  if (provider === undefined) return unique(route);
  const there = route.filter((model) => model.provider.adapter.name === provider);
  if (there.length > 0) return unique(there);
  throw usage(
    `None of ${names.join(', ')} is at ${provider}: leave out --provider, or give --model a model of ${provider}`,
  );
}

function fallbackOf({ fallback }: Choice, config: LoadedConfig, candidates: readonly Provider[]): readonly string[] {
  if (!fallback) return [config.models?.default ? 'default' : fallbackModel];
  return fallback.filter((name) => candidates.some(({ adapter }) => name.startsWith(`${adapter.name}:`)));
}

/** Loads the large tables unless the small ones have every name. */
async function knowModels(names: readonly string[], providers: readonly Provider[]): Promise<void> {
  const known = new Set(providers.flatMap(({ adapter }) => idsOf(adapter)));
  if (names.every((name) => known.has(name.slice(name.indexOf(':') + 1)))) return;
  await Promise.all(providers.map(({ adapter }) => loadCatalogue(adapter)));
}

function isCandidate({ adapter }: Provider, provider: string | undefined, { usable }: Accounts): boolean {
  if (provider !== undefined) return adapter.name === provider;
  return usable.length === 0 || usable.includes(adapter.name);
}

const hasHost = (name: string, { providers }: Accounts): boolean =>
  name.includes(':') && (providers.some(({ adapter }) => name.startsWith(`${adapter.name}:`)) || /^[a-z]+:/.test(name));

/** "provider:model", where a slip in either is told apart from an id that only the host knows. */
function findAtHost(name: string, providers: readonly Provider[], unchecked: boolean): ImageModel {
  const colon = name.indexOf(':');
  const [host, id] = [name.slice(0, colon), name.slice(colon + 1)];
  const hosts = providers.map(({ adapter }) => adapter.name);
  const provider = providers.find(({ adapter }) => adapter.name === host);
  if (!provider) {
    throw refusal(
      'not_found',
      `There is no host "${host}"; there are ${hosts.join(' and ')}.${didYouMean(host, hosts)}`,
    );
  }
  const { adapter } = provider;
  if (idsOf(adapter).includes(id) || mayBeNew(adapter, id, unchecked)) return provider(id);
  throw refusal(
    'not_found',
    `There is no model "${id}" at ${host}.${didYouMean(id, idsOf(adapter))} \`imageport models\` lists them, and --unchecked asks for any other as it is`,
  );
}

interface Search {
  readonly candidates: readonly Provider[];
  readonly provider: string | undefined;
  readonly unchecked: boolean;
  /** Names of the config. */
  readonly own: readonly string[];
}

/** The hosts that list this model; for an id that nobody lists, the host that was named or whose ids have this form. */
function findByModel(name: string, { candidates, provider, unchecked, own }: Search): ImageModel[] {
  const listing = candidates.filter(({ adapter }) => idsOf(adapter).includes(name));
  if (listing.length > 0) return listing.map((each) => each(name));
  const native = candidates.filter(
    ({ adapter }) => (provider !== undefined || name.includes('/')) && mayBeNew(adapter, name, unchecked),
  );
  if (native.length > 0) return native.map((each) => each(name));
  const where = candidates.map(({ adapter }) => adapter.name).join(' and ');
  const near = didYouMean(name, [...own, ...candidates.flatMap(({ adapter }) => idsOf(adapter))]);
  throw refusal(
    'not_found',
    `There is no model "${name}" at ${where}.${near} \`imageport models\` lists them, and "provider:model" with --unchecked asks for any other as it is`,
  );
}

/** An id that a host has and its table has not: what it takes is not known then. */
const mayBeNew = (adapter: Provider['adapter'], id: string, unchecked: boolean): boolean =>
  adapter.isNativeId(id) && (unchecked || !adapter.catalogue);

const idsOf = (adapter: Provider['adapter']): string[] =>
  familiesOf(adapter).flatMap(({ models }) => models.flatMap(({ ids, native }) => [...ids, native]));

function unique(route: readonly ImageModel[]): ImageModel[] {
  const names = new Set<string>();
  return route.filter(({ provider, modelId }) => {
    const name = `${provider.adapter.name}:${modelId}`;
    return !names.has(name) && names.add(name);
  });
}

/** An id that a host does not list here goes out as it is, since hosts bring new models; it may also be a slip. */
function doubtOf({ provider: { adapter }, modelId }: ImageModel): string[] {
  const near = idsOf(adapter).includes(modelId) ? '' : didYouMean(modelId, idsOf(adapter));
  return near ? [`No "${modelId}" is known of ${adapter.name}, so it is asked for as it is.${near}`] : [];
}

/** The part of a route whose hosts have keys, and what was left out, in words. */
export function withKeys(
  route: readonly ImageModel[],
  { usable, lacking }: Accounts,
): { readonly route: readonly ImageModel[]; readonly notes: readonly string[] } {
  const open = route.filter(({ provider }) => usable.includes(provider.adapter.name));
  const closed = route.filter((model) => !open.includes(model));
  const missing = [...new Set(closed.map(({ provider }) => provider.adapter))];
  const named = missing.map(({ name }) => `${name} has no API key (${lacking[name]})`).join(', ');
  const left = named ? [`Left out of the route: ${named}.`] : [];
  if (open.length > 0) return { route: open, notes: [...left, ...open.flatMap(doubtOf)] };
  const other = usable.length > 0 ? `, or use ${usable.join(' or ')}, whose key is set` : '';
  throw refusal('unauthenticated', `${named}. Set it${other}`);
}
