import type { Hedge } from '../call.ts';
import { invalid } from '../errors/invalid.ts';
import { createBudget, isMaxCost, type MaxCost } from '../picture/budget.ts';

export interface HedgeOptions {
  /** Milliseconds since the call began, or `p95`: what one job in twenty takes longer than. */
  readonly after: 'p95' | number;
  /** The most that second models may cost in one call, by currency. */
  readonly maxCost: MaxCost;
}

/** Asks the next model as well when the first is late. Both are paid; only one picture is used. */
export function hedge(options: HedgeOptions): Hedge {
  if (!isHedgeOptions(options)) {
    throw invalid("`hedge` must be { after: 'p95' or milliseconds, maxCost: amounts by currency like { USD: 0.1 } }");
  }
  const { after, maxCost } = options;
  return (start) => {
    const budget = createBudget(maxCost);
    // Loaded with the engine, which it needs, before anything is sent.
    return async (frame, intent, index, route) => {
      const { runHedged } = await import('./run-hedged.ts');
      return runHedged({ start, after, budget }, { frame, intent, index, route });
    };
  };
}

function isHedgeOptions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('after' in value) || !('maxCost' in value)) return false;
  const { after, maxCost } = value;
  return (after === 'p95' || (typeof after === 'number' && after >= 0)) && isMaxCost(maxCost);
}
