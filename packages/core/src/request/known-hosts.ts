import type { ImageRequest } from '../contract/request.ts';
import { invalid } from '../errors/invalid.ts';
import type { Route } from './target.ts';

/** The names of the hosts of which this program has made a provider. */
const known = new Set<string>();

export const noteHost = (name: string): void => void known.add(name);

/**
 * Refuses an entry of `providerOptions` that no host would ever read. One for another host of this program is no mistake:
 * options are shared between routes.
 */
export function checkHosts(route: Route, request: ImageRequest): void {
  const entries = Object.keys(request.providerOptions);
  for (const { overrides } of route) entries.push(...Object.keys(overrides?.providerOptions ?? {}));
  if (entries.length === 0) return;
  const names = route.map(({ provider }) => provider.adapter.name);
  const stranger = entries.find((name) => !known.has(name) && !names.includes(name));
  if (stranger === undefined) return;
  const there = [...new Set([...names, ...known])].join(', ');
  throw invalid(
    `\`providerOptions.${stranger}\` names no host that this program has a provider of (it has ${there}), so nothing would read it: correct the name, or import the package of that host`,
  );
}
