import type { ImageRequest } from '../contract/request.ts';
import type { Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import type { RouteModel } from '../provider/provider.ts';
import { findModel, prepareRequest } from '../request/resolve.ts';
import { type Route, wishAt } from '../request/target.ts';
import { kindOf } from '../schedule/kind.ts';

/** `given`: as listed; `cheapest`: by reported or listed price; `fastest`: by what jobs took, or are said to take. */
export type Order = 'given' | 'cheapest' | 'fastest';

interface Ranked {
  readonly model: RouteModel;
  readonly rank: number;
  readonly chosen?: string;
}

/** Puts the models of a route in the order they shall be asked. What cannot be compared keeps its place at the end. */
export function orderRoute(route: Route, order: Order, request: ImageRequest): Route {
  if (order === 'given' || route.length < 2) return route;
  const currency = route.map((model) => priceOf(model, request).currency).find((each) => each !== undefined);
  const rank = (model: RouteModel): Ranked =>
    order === 'cheapest' ? byPrice(model, priceOf(model, request), currency) : byTime(model, request);
  const ordered = route
    .map(rank)
    .toSorted((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank))
    .map(({ model, chosen }) => (chosen === undefined ? model : { ...model, chosen: `${order}: ${chosen}` }));
  return ordered as unknown as Route;
}

/** Prices in different currencies say nothing about each other. */
function byPrice(model: RouteModel, price: Cost, currency: string | undefined): Ranked {
  if (price.source === 'unknown' || price.currency !== currency) return { model, rank: Infinity };
  return { model, rank: price.amount, chosen: `${price.amount} ${price.currency}, ${price.source}` };
}

function byTime(model: RouteModel, request: ImageRequest): Ranked {
  const { '~host': host, adapter } = model.provider;
  const wish = wishAt(request, model.overrides);
  const learned = host.experience.quantile(kindOf(adapter.name, model.modelId, wish), 0.5);
  const median = learned ?? hintOf(model, wish);
  if (median === undefined) return { model, rank: Infinity };
  return { model, rank: median, chosen: `${Math.round(median)} ms, ${learned === undefined ? 'expected' : 'learned'}` };
}

/** What one picture costs there: as the host reported for the last one of its kind, else as listed. */
function priceOf(model: RouteModel, request: ImageRequest): Cost {
  const { '~host': host, adapter } = model.provider;
  const wish = wishAt(request, model.overrides);
  const reported = host.experience.cost(kindOf(adapter.name, model.modelId, wish));
  return reported ?? attempt(() => prepareRequest(adapter, model.modelId, wish).price) ?? { source: 'unknown' };
}

const hintOf = ({ provider, modelId }: RouteModel, wish: ImageRequest): number | undefined =>
  attempt(() => findModel(provider.adapter, modelId, wish.images.length > 0).family.latency?.median);

/** A model that cannot do it is refused with its reason when its turn comes, not here. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (ImageError.is(error)) return undefined;
    throw error;
  }
}
