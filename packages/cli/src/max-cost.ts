import type { MaxCost } from '@imageport/core';
import { InvalidArgumentError } from 'commander';

/** A currency that is to be left alone need not be named. */
const nothing =
  'It must be more than 0, because no host draws for nothing; imageport check says what a picture costs, and spends nothing.';

/** Reads "0.1usd", "10credits", "0.1usd,10credits". A plain number is US dollars. */
export function toMaxCost(text: string): MaxCost {
  const amounts = text.split(',').map((part) => {
    const [, amount, unit = 'usd'] = /^(\d+(?:\.\d+)?)\s*(usd|credits?)?$/i.exec(part.trim()) ?? [];
    if (amount === undefined) throw new InvalidArgumentError('It must be an amount, such as 0.1usd or 10credits.');
    if (Number(amount) === 0) throw new InvalidArgumentError(nothing);
    return [unit.toLowerCase() === 'usd' ? 'USD' : 'credit', Number(amount)] as const;
  });
  if (new Set(amounts.map(([currency]) => currency)).size === amounts.length) return Object.fromEntries(amounts);
  throw new InvalidArgumentError('Every currency may stand there once.');
}
