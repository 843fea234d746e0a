import type { RouteModel } from '../host/provider.ts';
import type { RouteEntry } from '../ledger/facts.ts';
import type { Route } from './target.ts';

/** One entry for a model, however many intents name it: it never changes. */
const entries = new WeakMap<RouteModel, RouteEntry>();

/** A model as a ledger keeps it. */
export function toEntry(model: RouteModel): RouteEntry {
  const known = entries.get(model);
  if (known) return known;
  const { provider, modelId, account, overrides } = model;
  const entry: RouteEntry = {
    provider: provider.adapter.name,
    modelId,
    ...(account ? { account } : {}),
    ...(overrides ? { overrides } : {}),
  };
  entries.set(model, entry);
  return entry;
}

/** The same for a route. */
const lists = new WeakMap<Route, readonly RouteEntry[]>();

/** A route as a ledger keeps it. */
export function toEntries(route: Route): readonly RouteEntry[] {
  const known = lists.get(route);
  if (known) return known;
  const list = route.map(toEntry);
  lists.set(route, list);
  return list;
}
