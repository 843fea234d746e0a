import { createRegistry, type Registry } from '@imageport/core';
import type { Accounts } from '../accounts.ts';
import type { LoadedConfig } from '../config.ts';
import { refusal } from '../usage.ts';

/** The models that a gateway can serve with the keys at hand. */
export interface Served {
  readonly registry: Registry;
  readonly names: readonly string[];
  /** For requests that name none. */
  readonly defaultModel?: string;
  /** What was left out, in words. */
  readonly notes: readonly string[];
}

const usual = 'seedream-4';

/** The names of the config, or the usual model at every host; of each route what has a key. */
export function chooseServed({ models }: Pick<LoadedConfig, 'models'>, { providers, usable }: Accounts): Served {
  const given = models ?? { [usual]: usable.map((host) => `${host}:${usual}`) };
  const left = Object.entries(given).map(([name, route]) => {
    const references = [route].flat();
    return { name, references, open: references.filter((each) => usable.includes(each.slice(0, each.indexOf(':')))) };
  });
  const open = left.filter((each) => each.open.length > 0);
  const names = open.map(({ name }) => name);
  const notes = left.flatMap(({ name, references, open: kept }) => {
    const missing = references.filter((each) => !kept.includes(each)).join(', ');
    return missing ? [`Left out of ${name}, without an API key of the host: ${missing}.`] : [];
  });
  const [only] = names;
  if (only === undefined) throw refusal('unauthenticated', 'No model of the config is at a host with an API key');
  const defaultModel = names.includes('default') ? 'default' : names.length === 1 ? only : undefined;
  const registry = createRegistry(
    { models: Object.fromEntries(open.map((each) => [each.name, each.open])) },
    providers,
  );
  return { registry, names, notes, ...(defaultModel === undefined ? {} : { defaultModel }) };
}
