import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { apiframeProtocol } from '../../servers/apiframe.ts';
import { falQueueProtocol, falRunProtocol } from '../../servers/fal.ts';
import { openaiProtocol } from '../../servers/openai.ts';
import type { Job, Protocol, Reply } from '../../servers/protocol.ts';
import { replicateProtocol } from '../../servers/replicate.ts';
import type { ServiceName } from '../../servers/start.ts';
import { closeServer, listen } from '../../servers/test-server.ts';
import { wavespeedProtocol } from '../../servers/wavespeed.ts';
import { clock } from '../clock.ts';

export interface LaneOptions {
  readonly service: ServiceName;
  /** How long the jobs take, in milliseconds, by the number in their prompt. */
  readonly durations: readonly number[];
  /** At this poll the job is finished, whatever its duration. */
  readonly polls?: number | undefined;
  /** How their progress is bent. @default no progress is reported */
  readonly bends?: readonly number[] | undefined;
  /** Every submit is refused with this status. */
  readonly refuse?: number | undefined;
}

export interface LaneReport {
  /** One row for each accepted job: the number in its prompt, when it finished by `clock`, and how often it was polled. */
  readonly jobs: readonly { readonly number: number; readonly finished: number; readonly polls: number }[];
  /** When each submit arrived, by `clock`. */
  readonly submits: readonly number[];
  /** All requests, of every kind. */
  readonly requests: number;
  /** Requests about many jobs. */
  readonly lists: number;
  readonly peakSockets: number;
  readonly sockets: number;
}

export interface Lane {
  readonly url: string;
  report(): LaneReport;
  close(): Promise<void>;
}

interface LaneJob extends Omit<Job, 'duration'> {
  readonly number: number;
  duration: number;
  polls: number;
}

interface Books {
  readonly options: LaneOptions;
  readonly protocol: Protocol;
  readonly jobs: LaneJob[];
  readonly byId: Map<string, LaneJob>;
  readonly submits: number[];
  requests: number;
  lists: number;
}

const protocols: Record<ServiceName, Protocol> = {
  wavespeed: wavespeedProtocol,
  apiframe: apiframeProtocol,
  replicate: replicateProtocol,
  'fal queue': falQueueProtocol,
  'fal.run': falRunProtocol,
  openai: openaiProtocol,
};

/** One service on a port of its own, which keeps books on everything that is asked. */
export async function openLane(options: LaneOptions): Promise<Lane> {
  const protocol = protocols[options.service];
  const books: Books = { options, protocol, jobs: [], byId: new Map(), submits: [], requests: 0, lists: 0 };
  const server = createServer((request, response) => receive(books, request, response));
  // A connection must outlive the pauses between two rounds.
  server.keepAliveTimeout = 120_000;
  const sockets = { now: 0, peak: 0, all: 0 };
  server.on('connection', (socket) => {
    sockets.all += 1;
    sockets.now += 1;
    sockets.peak = Math.max(sockets.peak, sockets.now);
    socket.once('close', () => {
      sockets.now -= 1;
    });
  });
  const url = await listen(server);
  return {
    url,
    report: () => ({ ...toReport(books), sockets: sockets.all, peakSockets: sockets.peak }),
    close: () => closeServer(server),
  };
}

function toReport({ jobs, requests, lists, submits }: Books): Omit<LaneReport, 'sockets' | 'peakSockets'> {
  const offset = clock() - performance.now();
  const rows = jobs.map(({ number, born, duration, polls }) => ({
    number,
    polls,
    finished: born + duration + offset,
  }));
  return { jobs: rows, requests, lists, submits };
}

function receive(books: Books, request: IncomingMessage, response: ServerResponse): void {
  books.requests += 1;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(books, request, response, Buffer.concat(chunks).toString()));
}

function answer(books: Books, request: IncomingMessage, response: ServerResponse, body: string): void {
  const { status, headers, body: content } = toReply(books, request, body);
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers });
  response.end(bytes);
}

function toReply(books: Books, { method = 'GET', url = '/', headers }: IncomingMessage, body: string): Reply {
  const { protocol, byId, jobs } = books;
  const [path = '/', query] = url.split('?');
  const origin = `http://${headers.host}`;
  const route = protocol.route(method, path);
  if (!route) {
    const list = protocol.list?.(path, new URLSearchParams(query), jobs, origin);
    books.lists += list ? 1 : 0;
    return list ?? { status: 404, body: { message: `no ${path}` } };
  }
  if (route.phase === 'submit' && books.options.refuse) return refusal(books.options.refuse);
  const job = route.phase === 'submit' ? accept(books, body) : byId.get(route.jobId ?? '');
  if (!job) return { status: 404, body: { message: 'no such job' } };
  if (route.phase === 'poll') job.polls += 1;
  if (job.polls === books.options.polls) job.duration = 0;
  return route.reply(job, origin);
}

const fault = 'planned fault';

/** In the words of every service at once. */
const refusal = (status: number): Reply => ({
  status,
  body: { code: status, message: fault, detail: fault, error: fault },
});

/** The prompt ends with the number of the job: `a cat on a red roof #12`. */
function accept({ options, jobs, byId, submits }: Books, body: string): LaneJob {
  const { durations, bends } = options;
  const number = Number(/#(\d+)/.exec(body)?.[1] ?? jobs.length);
  const bend = bends?.[number % bends.length];
  const job: LaneJob = {
    id: randomUUID().replaceAll('-', ''),
    number,
    born: performance.now(),
    empty: false,
    duration: durations[number % durations.length] ?? 0,
    polls: 0,
    ...(bend === undefined ? {} : { bend }),
  };
  jobs.push(job);
  byId.set(job.id, job);
  submits.push(clock());
  return job;
}
