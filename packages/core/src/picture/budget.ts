import type { Cost } from '../contract/result.ts';

/** The most that a call may cost, all pictures and attempts together, by currency. */
export type MaxCost = Readonly<Partial<Record<'USD' | 'credit', number>>>;

export function isMaxCost(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return false;
  const isAmount = (amount: unknown): boolean => typeof amount === 'number' && amount >= 0;
  return Object.entries(value).every(([currency, amount]) => /^(USD|credit)$/.test(currency) && isAmount(amount));
}

/** Money set aside for one attempt. */
export interface Reservation {
  /** What the attempt really cost; undefined when it cost nothing. */
  settle(cost: Cost | undefined): void;
}

export interface Budget {
  /** Sets a listed or quoted price aside, or says in words why it cannot. */
  reserve(price: Cost): Reservation | string;
}

const free: Reservation = { settle: () => undefined };
const unlimited: Budget = { reserve: () => free };

/** A cap that is checked before spending: what is under way counts as spent until it is settled. */
export function createBudget(maxCost: MaxCost | undefined): Budget {
  if (!maxCost) return unlimited;
  const spent = { USD: 0, credit: 0 };
  return {
    reserve(price) {
      if (price.source === 'unknown') return 'its price is not listed, so `maxCost` cannot be kept';
      const { amount, currency } = price;
      const cap = maxCost[currency];
      if (cap === undefined) return `it is priced in ${currency}, and \`maxCost\` names no ${currency}`;
      const left = cap - spent[currency];
      if (amount > left + 1e-9) return `it costs ${amount} ${currency} and ${round(left)} of \`maxCost\` is left`;
      spent[currency] += amount;
      let counted = amount;
      return {
        settle(cost) {
          // Of an unknown cost the reserved price stays.
          const real = cost === undefined ? 0 : cost.currency === currency ? cost.amount : amount;
          spent[currency] += real - counted;
          counted = real;
        },
      };
    },
  };
}

const round = (amount: number): number => Math.round(amount * 1e6) / 1e6;
