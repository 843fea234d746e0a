import type { Phase } from '../fault-table.ts';

/** A generation that a server has accepted, and would charge. */
export interface Job {
  readonly id: string;
  /** On the monotonic clock. */
  readonly born: number;
  /** It completes without a picture. */
  readonly empty: boolean;
  /** Milliseconds. @default generationTime */
  readonly duration?: number;
  /** It reports its progress: the share of its time to this power. 1 is exact; it reports none without. */
  readonly bend?: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the bytes of a file. */
  readonly body: object | Uint8Array;
}

/** What one request is about. A phase is counted and can go wrong; `other` is answered and that is all. */
export interface Route {
  readonly phase: Phase | 'other';
  /** The job that a poll or a download names. */
  readonly jobId?: string;
  /** Answers for the job, which a submit has just made. */
  readonly reply: (job: Job, origin: string) => Reply;
}

/** How one service speaks. */
export interface Protocol {
  route(method: string, path: string): Route | undefined;
  /** Answers a request about many jobs, which come oldest first. */
  list?(path: string, query: URLSearchParams, jobs: readonly Job[], origin: string): Reply | undefined;
}

/** How long a job takes, in milliseconds. */
export const generationTime = 300;

/** When a job was accepted, as the hosts write it. */
export const bornAt = ({ born }: Job): string => new Date(performance.timeOrigin + born).toISOString();

export const isDone = (job: Job): boolean => performance.now() - job.born >= (job.duration ?? generationTime);

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A picture that says behind its last chunk whose it is, so that a delivered job can be told from a lost one. */
export const picture = ({ id }: Job): Buffer => Buffer.concat([pixel, Buffer.from(id)]);

export const file = (job: Job): Reply => ({
  status: 200,
  headers: { 'content-type': 'image/png' },
  body: picture(job),
});
