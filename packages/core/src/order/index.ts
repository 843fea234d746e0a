import type { Order } from '../call.ts';
import type { ImageRequest } from '../contract/request.ts';
import type { Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import type { RouteModel } from '../host/provider.ts';
import { findModel } from '../request/find-model.ts';
import { prepareRequest } from '../request/resolve.ts';
import { type Route, requestAt } from '../request/target.ts';
import { bucketOf } from '../schedule/schedule.ts';

interface Ranked {
  readonly model: RouteModel;
  readonly rank: number;
  readonly chosen?: string;
}

/** Asks by price first: what the host reported for the last picture of the kind, else what it lists. */
export const cheapest: Order = (route, request) => {
  const prices = route.map((model) => priceOf(model, request));
  const currency = prices.find((price) => price.currency !== undefined)?.currency;
  return sorted(
    'cheapest',
    route,
    route.map((model, place) => byPrice(model, prices[place] ?? { source: 'unknown' }, currency)),
  );
};

/** Asks by time first: what recent jobs of this process took, else what the model's table expects. */
export const fastest: Order = (route, request) =>
  sorted(
    'fastest',
    route,
    route.map((model) => byTime(model, request)),
  );

/** What cannot be compared keeps its place at the end. */
function sorted(name: string, route: Route, ranked: readonly Ranked[]): Route {
  if (route.length < 2) return route;
  const [first, ...others] = ranked
    .toSorted((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank))
    .map(({ model, chosen }) => (chosen === undefined ? model : { ...model, chosen: `${name}: ${chosen}` }));
  return first ? [first, ...others] : route;
}

/** Prices in different currencies say nothing about each other. */
function byPrice(model: RouteModel, price: Cost, currency: string | undefined): Ranked {
  if (price.source === 'unknown' || price.currency !== currency) return { model, rank: Infinity };
  return { model, rank: price.amount, chosen: `${price.amount} ${price.currency}, ${price.source}` };
}

function byTime(model: RouteModel, request: ImageRequest): Ranked {
  const { '~account': account, adapter } = model.provider;
  const asked = requestAt(request, model.overrides);
  const learned = account.host?.stats.quantile(bucketOf(adapter.name, model.modelId, asked), 0.5);
  const median = learned ?? expectedTime(model, asked);
  if (median === undefined) return { model, rank: Infinity };
  return { model, rank: median, chosen: `${Math.round(median)} ms, ${learned === undefined ? 'expected' : 'learned'}` };
}

/** What one picture costs there: as the host reported for the last one of its kind, else as listed. */
function priceOf(model: RouteModel, request: ImageRequest): Cost {
  const { '~account': account, adapter } = model.provider;
  const asked = requestAt(request, model.overrides);
  const reported = account.host?.stats.cost(bucketOf(adapter.name, model.modelId, asked));
  return reported ?? attempt(() => prepareRequest(adapter, model.modelId, asked).price) ?? { source: 'unknown' };
}

const expectedTime = ({ provider, modelId }: RouteModel, asked: ImageRequest): number | undefined =>
  attempt(() => findModel(provider.adapter, modelId, asked).family.latency?.median);

/** A model that cannot do it is refused with its reason when its turn comes, not here. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (ImageError.is(error)) return undefined;
    throw error;
  }
}
