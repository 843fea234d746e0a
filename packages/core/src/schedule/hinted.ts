import { logNormal, sane, withDoubt } from './cells.ts';
import { aggressivePlan, defaultPlan, gapBefore, type Plan } from './plan.ts';
import type { PollContext, Schedule } from './schedule.ts';

/** One poll is worth this share of the median in waiting. */
const price = 0.015;
const mostPlans = 32;
const plans: { readonly terms: PollContext; readonly plan: Plan }[] = [];

/** Polls where a job is likely to end, by what the family table says of its model and by its progress. */
export const hinted: Schedule = (context) => {
  const { interval, pace, latency } = context;
  const known = plans.find(
    ({ terms }) =>
      terms.interval === interval &&
      terms.pace === pace &&
      terms.latency.median === latency.median &&
      terms.latency.sigma === latency.sigma,
  );
  const plan = known?.plan ?? planFor(context);
  if (!known && plans.unshift({ terms: context, plan }) > mostPlans) plans.pop();
  return gapBefore(plan, context);
};

function planFor(context: PollContext): Plan {
  const { pace } = context;
  const latency = sane(context.latency);
  const truth = logNormal(latency);
  const survival = withDoubt(truth, latency);
  const latestFirst = latency.median / 2;
  return pace === 'aggressive'
    ? aggressivePlan(survival, latestFirst, price * latency.median)
    : defaultPlan(survival, latestFirst, truth, context);
}
