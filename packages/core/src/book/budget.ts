import * as v from 'valibot';
import type { Json } from '../contract/json.ts';
import type { Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import type { MaxCost } from '../picture/budget.ts';
import { addCosts } from '../picture/result.ts';
import type { Budget, Reservation, ReserveOptions } from './contract.ts';
import type { BookStore } from './store.ts';

const amounts = v.object({ USD: v.optional(v.number()), credit: v.optional(v.number()) });
const accountShape = v.object({
  /** The day or month of UTC that `spent` is about; empty for a total. */
  period: v.string(),
  spent: amounts,
  /** Put aside, by intent. It counts until it is settled, in whatever period that is. */
  reserved: v.record(v.string(), amounts),
  /** By intent what was counted in `spent`, so that an intent that is asked for again is counted once. */
  settled: v.record(v.string(), v.object({ at: v.number(), spent: amounts })),
});
type Amounts = { readonly USD?: number | undefined; readonly credit?: number | undefined };
type Account = v.InferOutput<typeof accountShape>;

const fresh = (period: string): Account => ({ period, spent: {}, reserved: {}, settled: {} });
const currencies = ['USD', 'credit'] as const;
/** Milliseconds for which a settled intent is remembered. */
const remembered = 24 * 3_600_000;
const mostTries = 100;

/** Puts money aside, and counts what was spent, in one entry of the store for each scope. */
export class Budgets {
  readonly #store: BookStore;

  constructor(store: BookStore) {
    this.#store = store;
  }

  async reserve(
    scope: string,
    price: MaxCost,
    { budget, intentId: id }: ReserveOptions,
  ): Promise<Reservation | string> {
    // Whatever a caller names an intent, it names no member that every object has.
    const intentId = `:${id}`;
    const problem = await this.#change(scope, budget, (account) => {
      const { [intentId]: mine = {}, ...reserved } = account.reserved;
      // What was counted for this intent before is not counted again, and what it costs beyond that must fit as well.
      const counted = account.settled[intentId]?.spent ?? {};
      const more = beyond(price, add(counted, mine));
      const refusal = more && refuse(account, more, budget);
      if (refusal !== undefined) return { result: refusal };
      const open = add(mine, more ?? {});
      const next = more ? { ...account, reserved: { ...reserved, [intentId]: open } } : account;
      return { account: next, result: undefined };
    });
    if (problem !== undefined) return problem;
    return {
      maxCost: price,
      settle: (...costs) => this.#settle(scope, budget, intentId, costs),
      release: () =>
        this.#change(scope, budget, (account) => ({ account: without(account, intentId), result: undefined })),
    };
  }

  async #settle(scope: string, budget: Budget, intentId: string, costs: readonly Cost[]): Promise<void> {
    const cost = costs.length === 0 ? undefined : addCosts(costs);
    if (cost?.amount === undefined) return;
    const real = { [cost.currency]: cost.amount };
    await this.#change(scope, budget, (account) => {
      const before = account.settled[intentId]?.spent ?? {};
      const settled = { ...account.settled, [intentId]: { at: Date.now(), spent: real } };
      const spent = add(account.spent, real, minus(before));
      return { account: { ...without(account, intentId), spent, settled }, result: undefined };
    });
  }

  /** Reads, changes and writes until nobody has come in between. Without an account nothing is written. */
  async #change<Result>(
    scope: string,
    budget: Budget,
    change: (account: Account) => { readonly account?: Account; readonly result: Result },
  ): Promise<Result> {
    const key = `budget:${scope}`;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const stored = await this.#store.read(key);
      const { account, result } = change(tidy(stored && parse(key, stored.value), periodOf(budget, new Date())));
      if (!account || (await this.#store.write(key, account as unknown as Json, stored?.version))) return result;
    }
    throw new ImageError({
      ...{ code: 'unavailable', reason: 'ledger_unavailable', billed: 'no', stage: 'ledger' },
      message: `The book's store refused ${mostTries} writes of "${key}" in a row; nothing was sent`,
    });
  }
}

function parse(key: string, value: unknown): Account {
  const read = v.safeParse(accountShape, value);
  if (read.success) return read.output;
  throw new ImageError({
    ...{ code: 'unavailable', reason: 'ledger_unavailable', billed: 'no', stage: 'ledger' },
    message: `The book's store holds something else under "${key}" than what was spent: ${read.issues[0].message}. Nothing was sent`,
  });
}

function tidy(found: Account | undefined, period: string): Account {
  if (!found) return fresh(period);
  const settled = Object.fromEntries(
    Object.entries(found.settled).filter(([, { at }]) => Date.now() - at < remembered),
  );
  return found.period === period ? { ...found, settled } : { ...fresh(period), reserved: found.reserved };
}

/** 2026-11-22, 2026-11, or nothing. */
const lengths = { day: 10, month: 7, total: 0 } as const;
const periodOf = ({ per = 'total' }: Budget, now: Date): string => now.toISOString().slice(0, lengths[per]);

function refuse({ spent, reserved }: Account, price: MaxCost, budget: Budget): string | undefined {
  const taken = add(spent, ...Object.values(reserved));
  for (const currency of currencies) {
    const amount = price[currency];
    if (amount === undefined) continue;
    const cap = budget[currency];
    if (cap === undefined) return `it is priced in ${currency}, and the budget names no ${currency}`;
    const left = cap - (taken[currency] ?? 0);
    if (amount > left + 1e-9)
      return `it costs ${amount} ${currency} and ${round(Math.max(0, left))} of the budget of ${cap} is left`;
  }
  return undefined;
}

/** What a price is more than what was counted; undefined where it is covered. */
function beyond(price: MaxCost, counted: Amounts): MaxCost | undefined {
  const more = currencies.flatMap((currency) => {
    const amount = round((price[currency] ?? 0) - (counted[currency] ?? 0));
    return price[currency] !== undefined && amount > 0 ? [[currency, amount] as const] : [];
  });
  return more.length > 0 ? Object.fromEntries(more) : undefined;
}

const without = (account: Account, intentId: string): Account => {
  const { [intentId]: _, ...reserved } = account.reserved;
  return { ...account, reserved };
};

const add = (...all: readonly Amounts[]): Amounts =>
  Object.fromEntries(
    currencies
      .filter((currency) => all.some((each) => each[currency] !== undefined))
      .map((currency) => [currency, round(all.reduce((sum, each) => sum + (each[currency] ?? 0), 0))]),
  );
const minus = (each: Amounts): Amounts => ({
  ...(each.USD === undefined ? {} : { USD: -each.USD }),
  ...(each.credit === undefined ? {} : { credit: -each.credit }),
});
const round = (amount: number): number => Math.round(amount * 1e6) / 1e6;
