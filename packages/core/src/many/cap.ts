import type { Call } from '../call.ts';
import type { Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import type { RouteModel } from '../host/provider.ts';
import { type Budget, createBudget, type MaxCost, type Reservation } from '../picture/budget.ts';
import { prepareRequest } from '../request/resolve.ts';
import { requestAt } from '../request/target.ts';

/** What a call may spend of the cap of its batch. */
export interface Share {
  readonly budget: Budget;
  /** Gives back what was set aside and not used. To be called when the call has ended. */
  release(): void;
  /** Why nothing may be spent: what an earlier run has paid for may still be found. */
  readonly refusal?: string;
}

/** The cap that all calls of a batch share. */
export interface Cap {
  /** Sets the price of a call aside, or undefined while others hold what it needs. */
  share(call: Call): Share | undefined;
  /** For a call for which nothing is left. */
  none(): Share;
}

const free: Share = { budget: createBudget(undefined), release: () => undefined };

export function createCap(maxCost: MaxCost | undefined): Cap {
  if (!maxCost) return { share: () => free, none: () => free };
  const common = createBudget(maxCost);
  return {
    share(call) {
      const { n } = call;
      const prices = call.route.flatMap((model) => priceOf(model, call));
      // What no model can do is refused by the engine, in its own words.
      if (prices.length === 0) return free;
      const aside = firstOf(prices, (price) => setAside(common, price, n));
      if (aside) return shareOf(common, aside);
      // What is not listed the host may quote, when its turn comes.
      if (isQuoted(call, prices)) return { budget: common, release: () => undefined };
      const isPossible = prices.some((price) => setAside(createBudget(maxCost), price, n) !== undefined);
      return isPossible ? undefined : refuse(wordsFor(prices, maxCost, n));
    },
    none: () => refuse('`maxCost` of the batch is spent'),
  };
}

const isQuoted = ({ policy, route }: Call, prices: readonly Cost[]): boolean =>
  policy.quote === 'live' &&
  prices.some(({ source }) => source === 'unknown') &&
  route.some(({ provider }) => provider.adapter.quote !== undefined);

/** What was set aside is given back the moment it is really reserved, so that nobody can come between. */
function shareOf(common: Budget, aside: Reservation[]): Share {
  return {
    budget: {
      reserve(price) {
        aside.pop()?.settle(undefined);
        return common.reserve(price);
      },
    },
    release() {
      for (const each of aside.splice(0)) each.settle(undefined);
    },
  };
}

const refuse = (refusal: string): Share => ({ budget: { reserve: () => refusal }, release: () => undefined, refusal });

/** So many times this price, or nothing at all. */
function setAside(budget: Budget, price: Cost, n: number): Reservation[] | undefined {
  const aside: Reservation[] = [];
  for (let count = 0; count < n; count += 1) {
    const reserved = budget.reserve(price);
    if (typeof reserved !== 'string') aside.push(reserved);
  }
  if (aside.length === n) return aside;
  for (const each of aside) each.settle(undefined);
  return undefined;
}

function wordsFor(prices: readonly Cost[], maxCost: MaxCost, n: number): string {
  const refused = prices
    .map((price) => createBudget(maxCost).reserve(price))
    .find((words) => typeof words === 'string');
  return refused ?? `its ${n} pictures cost more than \`maxCost\` of the batch`;
}

/** What one picture costs at a model, as it is listed; nothing of a model that refuses the request. */
function priceOf({ provider, modelId, overrides }: RouteModel, { request }: Call): Cost[] {
  try {
    return [prepareRequest(provider.adapter, modelId, requestAt(request, overrides)).price];
  } catch (error) {
    if (ImageError.is(error)) return [];
    throw error;
  }
}

function firstOf<From, To>(list: readonly From[], find: (each: From) => To | undefined): To | undefined {
  for (const each of list) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Both must have room. */
export const within = (own: Budget, share: Budget): Budget => ({
  reserve(price) {
    const reserved = own.reserve(price);
    if (typeof reserved === 'string') return reserved;
    const shared = share.reserve(price);
    if (typeof shared === 'string') {
      reserved.settle(undefined);
      return shared;
    }
    return {
      settle(cost) {
        reserved.settle(cost);
        shared.settle(cost);
      },
    };
  },
});
