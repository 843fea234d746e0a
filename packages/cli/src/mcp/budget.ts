import type { Budget } from '@imageport/core/book';
import { InvalidArgumentError } from 'commander';
import { toMaxCost } from '../max-cost.ts';

const periods = ['day', 'month', 'total'] as const;

/** Reads "2usd/day", "5usd,100credits/month", or "10usd" for all time. */
export function toBudget(text: string): Budget {
  const [amounts = '', period = 'total', ...more] = text.split('/');
  const per = periods.find((each) => each === period.trim());
  if (per === undefined || more.length > 0) {
    throw new InvalidArgumentError('It must be an amount and a period, such as 2usd/day, 20usd/month or 50usd/total.');
  }
  return { ...toMaxCost(amounts), per };
}
