import type { HttpRequest, JobSnapshot } from '@imageport/core';
import * as v from 'valibot';
import { toRefund } from './parse.ts';

/** Asks what was booked for one task. */
export const toRefundRequest = (jobId: string): HttpRequest => ({
  method: 'POST',
  path: '/api/v3/billings/search',
  body: { page: 1, page_size: 100, prediction_uuids: [jobId] },
});

const text = v.fallback(v.optional(v.string()), undefined);
const recordSchema = v.object({
  billing_type: v.picklist(['deduct', 'refund']),
  price: v.pipe(v.number(), v.finite()),
  prediction: v.object({ uuid: v.string(), status: text }),
});
const answerSchema = v.object({
  code: v.literal(200),
  data: v.object({ total: v.number(), items: v.array(v.unknown()) }),
});

/**
 * Sums what was booked for a task: deductions count up, refunds down. Records come late, so an empty answer proves
 * nothing; neither does one with records that are not understood, or of other tasks.
 */
export function parseRefund(body: unknown, jobId: string): NonNullable<JobSnapshot['refund']> {
  const answer = v.safeParse(answerSchema, body);
  if (!answer.success || answer.output.data.items.length !== answer.output.data.total) return 'unknown';
  const records = v.safeParse(v.array(recordSchema), answer.output.data.items);
  if (!records.success || records.output.some(({ prediction }) => prediction.uuid !== jobId)) return 'unknown';
  const deductions = records.output.filter(({ billing_type }) => billing_type === 'deduct');
  if (deductions.length === 0) return 'unknown';
  const sum = records.output.reduce(
    (total, { billing_type, price }) => total + Math.abs(price) * (billing_type === 'deduct' ? 1 : -1),
    0,
  );
  // Half of a thousandth of a cent: sums of decimal fractions are not exact.
  return sum < 5e-6 ? 'done' : toRefund(records.output.at(-1)?.prediction.status);
}
