import type { Exchange } from '../http/endpoint.ts';
import { isObject, type Reply } from '../http/message.ts';
import type { Job } from '../jobs/job.ts';
import { age, isDeleted, wasTold } from '../jobs/progress.ts';
import type { World } from '../world.ts';
import { failure, success } from './envelope.ts';
import { readPage } from './page.ts';
import { toPrediction } from './prediction.ts';
import { wavespeedStatus } from './status.ts';

/** GET /api/v3/predictions/{id}/result */
export async function result({ world, origin }: Exchange, id: string): Promise<Reply> {
  const job = world.jobs.find('wavespeed', id);
  if (!job || isPurged(world, job)) return failure(404, `prediction not found: ${id}`);
  const reply = success(await toPrediction(world, job, origin));
  wasTold(job);
  return reply;
}

/** POST /api/v3/predictions: newest first, with a lag, and never those that were deleted or purged. */
export async function list({ world, origin, json: body }: Exchange): Promise<Reply> {
  const query = isObject(body) ? body : {};
  const page = readPage(query);
  if ('problem' in page) return failure(400, page.problem);
  const found = world.jobs
    .all('wavespeed')
    .filter(
      (job) => age(job) >= world.settings.listLag && !isDeleted(job) && !isPurged(world, job) && matches(job, query),
    )
    .reverse();
  const toItem = async (job: Job) => ({
    ...(await toPrediction(world, job, origin)),
    ...(query.include_inputs === true ? { input: job.input } : {}),
  });
  const items = await Promise.all(page.cut(found).map(toItem));
  return success({ page: page.number, total: found.length, items });
}

/** POST /api/v3/predictions/delete */
export function remove({ world, json: body }: Exchange): Reply {
  const ids = isObject(body) && Array.isArray(body.ids) ? body.ids : undefined;
  if (!ids) return failure(400, 'property "ids" is missing');
  const jobs = ids
    .map((id) => world.jobs.find('wavespeed', String(id)))
    .filter((job) => job !== undefined && !job.deleted);
  for (const job of jobs) if (job) job.deleted = true;
  return success({ deleted_count: jobs.length });
}

function isPurged({ settings }: World, job: Job): boolean {
  return age(job) > job.duration + settings.retention.wavespeed;
}

function matches(job: Job, query: Readonly<Record<string, unknown>>): boolean {
  const time = (value: unknown, otherwise: number) => (typeof value === 'string' ? Date.parse(value) : otherwise);
  return (
    (query.model === undefined || query.model === job.model) &&
    (query.status === undefined || query.status === wavespeedStatus(job)) &&
    job.createdAt >= time(query.created_after, -Infinity) &&
    job.createdAt <= time(query.created_before, Infinity)
  );
}
