import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault-table.ts';
import type { Job, Protocol, Reply, Route } from './protocol.ts';
import { closeServer, listen, type TestServer } from './test-server.ts';

interface State {
  readonly protocol: Protocol;
  readonly fault: Fault | undefined;
  readonly jobs: Map<string, Job>;
  /** How often the fault has struck. */
  struck: number;
}

/** A server on this machine that speaks one protocol, counts what it accepts, and goes wrong once. */
export async function startRivalServer(protocol: Protocol, fault?: Fault): Promise<TestServer> {
  const state: State = { protocol, fault, jobs: new Map(), struck: 0 };
  const server = createServer((request, response) => {
    answer(state, request, response).catch(() => response.destroy());
  });
  const url = await listen(server);
  return {
    target: { url, apiKey: 'key-of-the-bench' },
    accepted: () => [...state.jobs.keys()].map((id) => ({ id })),
    close: () => closeServer(server),
  };
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for await (const _ of request);
  const origin = `http://${request.headers.host}`;
  const path = new URL(request.url ?? '/', origin).pathname;
  const route = state.protocol.route(request.method ?? 'GET', path);
  if (!route) return send(response, { status: 404, body: { detail: `no ${path}` } });
  const fault = strike(state, route);
  if (fault?.how.kind === 'status' && !fault.how.accepted) return refuse(response, fault.how);
  const job = findJob(state, route, fault);
  if (!job) return send(response, { status: 404, body: { detail: 'no such job' } });
  const reply = route.reply(job, origin);
  switch (fault?.how.kind) {
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'status':
      return refuse(response, fault.how);
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('<!doctype html><title>ok</title>');
      return;
    case 'drip':
      return drip(response, reply);
    default:
      return send(response, reply);
  }
}

function strike(state: State, { phase }: Route): Fault | undefined {
  const { fault } = state;
  if (!fault || fault.phase !== phase || state.struck >= fault.times) return undefined;
  state.struck += 1;
  return fault;
}

function findJob({ jobs }: State, { phase, jobId }: Route, fault: Fault | undefined): Job | undefined {
  if (phase !== 'submit') return jobs.get(jobId ?? '');
  const id = randomUUID().replaceAll('-', '');
  const job: Job = { id, born: performance.now(), empty: fault?.how.kind === 'empty' };
  jobs.set(id, job);
  return job;
}

function refuse(response: ServerResponse, { status, retryAfter }: { status: number; retryAfter?: number }): void {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  send(response, { status, headers, body: { detail: 'planned fault', message: 'planned fault' } });
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers });
  response.end(bytes);
}

async function drip(response: ServerResponse, { status, body }: Reply): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  for (const byte of bytes) {
    if (response.destroyed) return;
    response.write(Uint8Array.of(byte));
    await sleep(1_000, undefined, { ref: false });
  }
  response.end();
}
