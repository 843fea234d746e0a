import type { Exchange } from '../http/endpoint.ts';
import { isObject, type Reply } from '../http/message.ts';
import type { Job } from '../jobs/job.ts';
import { isRefunded } from '../jobs/progress.ts';
import { failure, success } from './envelope.ts';
import { readPage } from './page.ts';
import { wavespeedStatus } from './status.ts';

type BillingType = 'deduct' | 'refund';

/** POST /api/v3/billings/search: one deduction for each job, and a refund for each that failed. */
export function searchBillings({ world, json: body }: Exchange): Reply {
  const query = isObject(body) ? body : {};
  const page = readPage({ page: 1, page_size: 10, ...query });
  if ('problem' in page) return failure(400, page.problem);
  const wanted = Array.isArray(query.prediction_uuids) ? new Set(query.prediction_uuids.map(String)) : undefined;
  const records = world.jobs
    .all('wavespeed')
    .filter((job) => wanted?.has(job.id) ?? true)
    .flatMap((job) => toRecords(job, world.settings.refundDelay))
    .filter((record) => matches(record, query));
  if (query.sort !== 'created_at ASC') records.reverse();
  return success({ page: page.number, total: records.length, items: page.cut(records) });
}

function toRecords(job: Job, refundDelay: number) {
  const deduction = toRecord(job, 'deduct', job.createdAt);
  if (!isRefunded(job, refundDelay)) return [deduction];
  return [deduction, toRecord(job, 'refund', job.createdAt + job.duration + refundDelay)];
}

function toRecord(job: Job, type: BillingType, time: number) {
  const at = new Date(time).toISOString();
  const { amount: price } = job.price;
  return {
    uuid: `${type}-${job.id}`,
    billing_type: type,
    price,
    created_at: at,
    updated_at: at,
    access_key_name: 'emulator',
    order: { uuid: `order-${job.id}`, state: 'done', price, origin_price: price, status: 'done', ak_id: 'emulator' },
    prediction: { uuid: job.id, model_uuid: job.model, status: wavespeedStatus(job) },
  };
}

function matches(record: ReturnType<typeof toRecord>, query: Readonly<Record<string, unknown>>): boolean {
  const time = Date.parse(record.created_at);
  return (
    (query.billing_type === undefined || query.billing_type === record.billing_type) &&
    time >= Number(query.start_time ?? -Infinity) &&
    time <= Number(query.end_time ?? Infinity)
  );
}
