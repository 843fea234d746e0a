import { createRegistry, type ImageModel, type Provider } from '@imageport/core';
import type { Accounts } from './accounts.ts';
import type { LoadedConfig } from './config.ts';
import { refusal, usage } from './usage.ts';

export interface Choice {
  /** --model, in order. */
  readonly models: readonly string[];
  /** --provider. */
  readonly provider?: string | undefined;
}

const fallbackModel = 'seedream-4';

/** Turns names into a route: a name of the config, a portable or native id, or "provider:model". */
export function chooseRoute(choice: Choice, config: LoadedConfig, accounts: Accounts): readonly ImageModel[] {
  const { provider } = choice;
  const registry = createRegistry({ models: config.models }, accounts.providers);
  const candidates = accounts.providers.filter((each) => isCandidate(each, provider, accounts));
  const names = choice.models.length > 0 ? choice.models : [config.models?.default ? 'default' : fallbackModel];
  const route = names.flatMap((name) => {
    const named = config.models !== undefined && Object.hasOwn(config.models, name);
    return named || hasHost(name, accounts) ? registry(name) : findByModel(name, candidates, provider);
  });
  if (provider === undefined) return unique(route);
  const there = route.filter((model) => model.provider.adapter.name === provider);
  if (there.length > 0) return unique(there);
  throw usage(
    `None of ${names.join(', ')} is at ${provider}: leave out --provider, or give --model a model of ${provider}`,
  );
}

function isCandidate({ adapter }: Provider, provider: string | undefined, { usable }: Accounts): boolean {
  if (provider !== undefined) return adapter.name === provider;
  return usable.length === 0 || usable.includes(adapter.name);
}

const hasHost = (name: string, { providers }: Accounts): boolean =>
  name.includes(':') && (providers.some(({ adapter }) => name.startsWith(`${adapter.name}:`)) || /^[a-z]+:/.test(name));

/** The hosts that list this model; for an id that nobody lists, the host that was named or whose ids have this form. */
function findByModel(name: string, candidates: readonly Provider[], provider: string | undefined): ImageModel[] {
  const listing = candidates.filter(({ adapter }) => idsOf(adapter).includes(name));
  if (listing.length > 0) return listing.map((each) => each(name));
  const native = candidates.filter(
    ({ adapter }) => (provider !== undefined || name.includes('/')) && adapter.isNativeId(name),
  );
  if (native.length > 0) return native.map((each) => each(name));
  const where = candidates.map(({ adapter }) => adapter.name).join(' and ');
  throw refusal(
    'not_found',
    `There is no model "${name}" at ${where}.${suggestion(name, candidates)} \`imageport models\` lists them, and "provider:model" sends any other id as it is`,
  );
}

const idsOf = (adapter: Provider['adapter']): string[] =>
  adapter.families.flatMap(({ models }) => models.flatMap(({ ids, native }) => [...ids, native]));

function suggestion(name: string, candidates: readonly Provider[]): string {
  const ids = new Set(candidates.flatMap(({ adapter }) => idsOf(adapter)));
  const ranked = [...ids].map((id) => ({ id, far: distance(name, id) })).sort((a, b) => a.far - b.far);
  const [best] = ranked;
  return best && best.far <= Math.max(2, name.length / 4) ? ` Did you mean ${best.id}?` : '';
}

/** How many characters have to change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      const swap = (row[j] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function unique(route: readonly ImageModel[]): ImageModel[] {
  const names = new Set<string>();
  return route.filter(({ provider, modelId }) => {
    const name = `${provider.adapter.name}:${modelId}`;
    return !names.has(name) && names.add(name);
  });
}

/** The part of a route whose hosts have keys, and what was left out, in words. */
export function withKeys(
  route: readonly ImageModel[],
  { usable }: Accounts,
): { readonly route: readonly ImageModel[]; readonly notes: readonly string[] } {
  const open = route.filter(({ provider }) => usable.includes(provider.adapter.name));
  const closed = route.filter((model) => !open.includes(model));
  const missing = [...new Set(closed.map(({ provider }) => provider.adapter))];
  const named = missing.map(({ name, env }) => `${name} has no API key (${env.apiKey} is not set)`).join(', ');
  if (open.length > 0) return { route: open, notes: named ? [`Left out of the route: ${named}.`] : [] };
  const other = usable.length > 0 ? `, or use ${usable.join(' or ')}, whose key is set` : '';
  throw refusal('unauthenticated', `${named}. Set it${other}`);
}
