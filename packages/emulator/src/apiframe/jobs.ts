import { isUuid } from '../catalogue/validator.ts';
import { optionsOf } from '../catalogue/words.ts';
import type { Exchange } from '../http/endpoint.ts';
import { json, type Reply } from '../http/message.ts';
import { age, wasTold } from '../jobs/progress.ts';
import { apiframeStatus } from './status.ts';
import { toView } from './view.ts';

const statuses = ['QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'];

/** GET /v2/jobs/{id} */
export function getJob({ world, origin }: Exchange, id: string): Reply {
  if (!isUuid(id)) return json(400, { error: 'Invalid job id' });
  const job = world.jobs.find('apiframe', id);
  if (!job) return json(404, { error: 'Job not found' });
  const reply = json(200, { ...toView(world, job, origin), input: job.input });
  wasTold(job);
  return reply;
}

/** GET /v2/jobs: newest first. The cursor is the number of jobs older than the page, so new jobs do not move it. */
export function listJobs({ world, origin, call }: Exchange): Reply {
  const query = call.url.searchParams;
  const problem = queryProblem(query);
  if (problem !== undefined) return json(400, { error: 'Validation error', details: problem });
  if (query.get('scope') === 'team') return json(403, { error: 'Only team admins may list the jobs of the team' });
  const limit = Number(query.get('limit') ?? 20);
  const all = world.jobs.all('apiframe').filter((job) => age(job) >= world.settings.listLag);
  const wanted = (name: string, value: string) => (query.get(name) ?? value) === value;
  const found = all
    .filter((job) => wanted('status', apiframeStatus(job)) && wanted('model', job.model) && wanted('search', job.id))
    .reverse();
  const older = readCursor(query.get('cursor')) ?? found.length;
  const start = Math.max(0, found.length - older);
  const jobs = found.slice(start, start + limit).map((job) => toView(world, job, origin));
  const left = found.length - start - jobs.length;
  return json(200, {
    jobs,
    nextCursor: left > 0 ? toCursor(left) : null,
    hasMore: left > 0,
    ...(query.get('include_models') === 'true' ? { models: [...new Set(all.map((job) => job.model))] } : {}),
  });
}

function queryProblem(query: URLSearchParams): Record<string, string[]> | undefined {
  const status = query.get('status');
  const limit = Number(query.get('limit') ?? 20);
  const search = query.get('search');
  const cursor = query.get('cursor');
  if (status !== null && !statuses.includes(status)) return { status: [optionsOf(statuses)] };
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return { limit: ['Invalid input: expected 1 to 100'] };
  if (search !== null && !isUuid(search)) return { search: ['Invalid UUID'] };
  if (cursor !== null && readCursor(cursor) === undefined) return { cursor: ['Invalid cursor'] };
  return undefined;
}

const toCursor = (older: number): string => Buffer.from(JSON.stringify({ older })).toString('base64url');

function readCursor(cursor: string | null): number | undefined {
  if (cursor === null) return undefined;
  const [, older] = /^\{"older":(\d+)\}$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return older === undefined ? undefined : Number(older);
}
