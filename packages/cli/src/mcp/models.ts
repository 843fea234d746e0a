import { createRegistry, type Registry } from '@imageport/core';
import type { Accounts } from '../accounts.ts';
import type { LoadedConfig } from '../config.ts';
import { chooseRoute, withKeys } from '../route.ts';
import { usage } from '../usage.ts';

export interface Offered {
  readonly registry: Registry;
  readonly names: readonly string[];
  /** What was left out, in words. */
  readonly notes: readonly string[];
}

const usual = 'seedream-4';

/**
 * What callers may choose from: the names of --model, else those of the config, else the usual model at every host with a key. Hosts
 * without a key are left out of the routes.
 */
export async function offerModels(
  given: readonly string[],
  config: LoadedConfig,
  accounts: Accounts,
): Promise<Offered> {
  const own = Object.keys(config.models ?? {});
  const names = given.length > 0 ? given : own.length > 0 ? withDefaultFirst(own) : [usual];
  const notes: string[] = [];
  const routes: Record<string, readonly string[]> = {};
  for (const name of names) {
    const open = withKeys(await chooseRoute({ models: [name] }, config, accounts), accounts);
    notes.push(...open.notes);
    // A colon parts a host from a model; what callers choose is a name.
    routes[name.slice(name.indexOf(':') + 1)] = open.route.map(
      (each) => `${each.provider.adapter.name}:${each.modelId}`,
    );
  }
  if (Object.keys(routes).length < names.length)
    throw usage(`--model ${names.join(' ')}: two of them have the same name`);
  const registry = createRegistry({ models: routes as Record<string, [string, ...string[]]> }, accounts.providers);
  return { registry, names: Object.keys(routes), notes: [...new Set(notes)] };
}

const withDefaultFirst = (names: readonly string[]): readonly string[] =>
  names.includes('default') ? ['default', ...names.filter((name) => name !== 'default')] : names;
