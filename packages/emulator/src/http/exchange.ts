import { apiframeApi } from '../apiframe/api.ts';
import { altered, replacement, replaces } from '../faults/answer.ts';
import { shaped } from '../faults/body.ts';
import { type Fault, faultName, type RequestKind } from '../faults/fault.ts';
import type { Host } from '../options.ts';
import { wavespeedApi } from '../wavespeed/api.ts';
import type { RequestRecord, World } from '../world.ts';
import type { Endpoint, HostApi } from './endpoint.ts';
import { filesApi, hostOfFile } from './files.ts';
import { type Call, isObject, json, type Outcome, parseJson, type Reply, toBytes, toText } from './message.ts';

interface Target {
  readonly host: Host;
  readonly kind: RequestKind;
  readonly api: HostApi;
  readonly endpoint: Endpoint | undefined;
  readonly parts: readonly string[];
  readonly path: string;
}

/** Answers one request: finds who is meant, applies the fault that is due, and does the work. */
export async function exchange(world: World, call: Call): Promise<Outcome> {
  const target = locate(call);
  const fault = world.faults.take(target.host, target.kind);
  const outcome = await answer(world, call, target, fault);
  if ('broken' in outcome) return outcome;
  const date = new Date(Date.now() + world.settings.clockSkew).toUTCString();
  return { ...outcome, headers: { date, ...outcome.headers } };
}

/** Bytes of a body that is read for whoever has the key. */
const mostKnown = 128 * 1024 * 1024;
/** The same for whoever has not: enough for the log to show what was asked. */
const mostUnknown = 64 * 1024;

/** Why this caller is not served, as far as it can be told before the body is read. */
function refusal(world: World, call: Call, { api, endpoint, host, parts, path }: Target): Reply | undefined {
  const caller = endpoint?.open ? '' : api.authenticate(call, world.settings.keys[host]);
  if (typeof caller !== 'string') return caller;
  return !endpoint || endpoint.admits?.(world, ...parts) === false ? api.notFound(path) : undefined;
}

/** What was not read stays where it is, so nothing else can come over the connection. */
const closing = (reply: Reply): Reply => ({ ...reply, headers: { ...reply.headers, connection: 'close' } });

const tooLarge = (): Reply => json(413, { code: 413, message: 'Payload too large', error: 'Payload too large' });

async function answer(world: World, call: Call, target: Target, fault: Fault | undefined): Promise<Outcome> {
  const record = log(world, call, target, fault);
  if (fault?.refuse) return { broken: 'ECONNREFUSED' };
  if (fault?.reset === 'before' && !fault.others) return { broken: 'ECONNRESET' };
  const refused = refusal(world, call, target);
  const bytes = await call.read(refused || call.method === 'GET' ? mostUnknown : mostKnown);
  if (!bytes) return closing(refused ?? tooLarge());
  record.body = bytes.length > 0 ? (parseJson(toText(bytes)) ?? toText(bytes)) : undefined;
  if (!fault) return perform(world, call, target, bytes, {});
  if (!fault.others) return faulty(world, fault, () => perform(world, call, target, bytes, { fault }));
  return crowded(world, call, target, bytes, { ...fault, others: fault.others });
}

/** Submits of another program arrive between this one and a search of the list. */
async function crowded(
  world: World,
  call: Call,
  target: Target,
  bytes: Uint8Array,
  fault: Fault & Required<Pick<Fault, 'others'>>,
): Promise<Outcome> {
  const { others } = fault;
  const accept = async (): Promise<Reply> => {
    const reply = await perform(world, call, target, bytes, { fault });
    await askAsOthers(world, call, target, bytes, others);
    return reply;
  };
  const takesEffect = fault.reset !== 'before' && (fault.accepted ?? !replaces(fault));
  if (!takesEffect) await askAsOthers(world, call, target, bytes, others);
  return fault.reset === 'before' ? { broken: 'ECONNRESET' } : faulty(world, fault, accept);
}

async function askAsOthers(
  world: World,
  call: Call,
  target: Target,
  bytes: Uint8Array,
  { count, same }: NonNullable<Fault['others']>,
): Promise<void> {
  const { 'idempotency-key': _, ...headers } = call.headers;
  const asked = parseJson(toText(bytes));
  for (let nth = 1; nth <= count; nth += 1) {
    const body = same || !isObject(asked) ? bytes : toBytes(JSON.stringify(otherwise(asked, nth)));
    await perform(world, { ...call, headers }, target, body, { foreign: true });
  }
}

/** The same request for another picture: by another prompt, or of another input where there is none. */
function otherwise(asked: Readonly<Record<string, unknown>>, nth: number): Record<string, unknown> {
  if ('prompt' in asked) return { ...asked, prompt: `of others, ${nth}` };
  if (typeof asked.image === 'string') return { ...asked, image: `https://example.com/of-others-${nth}.png` };
  return Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [name, isObject(value) ? otherwise(value, nth) : value]),
  );
}

async function faulty(world: World, fault: Fault, work: () => Promise<Reply>): Promise<Outcome> {
  const { timers } = world;
  const takesEffect = fault.accepted ?? !replaces(fault);
  // Not accepted yet: the delay comes first, and the work is done even if the caller has gone by then.
  if (fault.accepted === false && fault.delay !== undefined) await timers.sleep(fault.delay);
  const spoils = replaces(fault) || fault.hang === true;
  const trueReply = takesEffect || !spoils ? await work() : undefined;
  if (fault.accepted !== false && fault.delay !== undefined) await timers.sleep(fault.delay);
  if (fault.hang) await timers.forever();
  if (fault.reset === 'after') return { broken: 'ECONNRESET' };
  const reply = replaces(fault) || !trueReply ? replacement(fault) : trueReply;
  return shaped(altered(reply, fault), fault, timers);
}

async function perform(
  world: World,
  call: Call,
  target: Target,
  bytes: Uint8Array,
  { fault, foreign }: { readonly fault?: Fault; readonly foreign?: true },
): Promise<Reply> {
  const { api, endpoint, host, parts, path } = target;
  const caller = endpoint?.open ? '' : api.authenticate(call, world.settings.keys[host]);
  if (typeof caller !== 'string') return caller;
  if (!endpoint) return api.notFound(path);
  const { origin } = call.url;
  const body = parseJson(toText(bytes));
  return endpoint.handle(
    { world, call, origin, bytes, json: body, apiKey: caller, fault, ...(foreign ? { foreign } : {}) },
    ...parts,
  );
}

function locate(call: Call): Target {
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(call.url.pathname) ?? [];
  const isHost = first === 'wavespeed' || first === 'apiframe';
  const path = isHost ? rest : call.url.pathname;
  const host = isHost ? first : hostOfFile(path);
  const api = isHost ? { wavespeed: wavespeedApi, apiframe: apiframeApi }[first] : filesApi;
  for (const endpoint of api.endpoints) {
    const match = endpoint.method === call.method && endpoint.path.exec(path);
    if (match) return { host, api, endpoint, path, kind: endpoint.kind, parts: match.slice(1).map(decodeURIComponent) };
  }
  return { host, api, endpoint: undefined, path, kind: 'other', parts: [] };
}

function log(world: World, call: Call, { host, kind }: Target, fault: Fault | undefined): RequestRecord {
  const record: RequestRecord = {
    host,
    kind,
    method: call.method,
    path: call.url.pathname + call.url.search,
    headers: call.headers,
    at: Date.now(),
    ...(fault ? { fault: faultName(fault) } : {}),
  };
  world.requests.push(record);
  return record;
}

export const crashed = (): Reply => json(500, { code: 500, message: 'Internal error', error: 'Internal error' });
