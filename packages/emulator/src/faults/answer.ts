import { bodiless, isObject, json, parseJson, type Reply, toBytes, toText } from '../http/message.ts';
import type { Fault, JsonObject } from './fault.ts';

const page = (status: number) =>
  `<!doctype html><html><head><title>${status}</title></head><body><h1>${status}</h1><hr>gateway</body></html>`;

/** Whether the fault answers something of its own instead of what the host would say. */
export function replaces(fault: Fault): boolean {
  return [fault.status, fault.body, fault.html, fault.redirect].some((action) => action !== undefined);
}

/** The answer given instead of the true one. */
export function replacement(fault: Fault): Reply {
  if (fault.redirect !== undefined) {
    return { status: fault.status ?? 307, headers: { location: fault.redirect }, body: toBytes('') };
  }
  const status = fault.status ?? 200;
  if (fault.html) return { status, headers: { 'content-type': 'text/html' }, body: toBytes(page(status)) };
  if (typeof fault.body === 'string') {
    const type = parseJson(fault.body) === undefined ? 'text/plain' : 'application/json';
    return { status, headers: { 'content-type': type }, body: toBytes(fault.body) };
  }
  if (bodiless.has(status)) return { status, headers: {}, body: toBytes('') };
  const otherwise = { code: status, message: 'planned fault', error: 'planned fault' };
  return json(status, fault.body === undefined ? otherwise : fault.body);
}

/** The true answer with the changes that the fault asks for. */
export function altered(reply: Reply, fault: Fault): Reply {
  const headers = {
    ...reply.headers,
    ...(fault.contentType === undefined ? {} : { 'content-type': fault.contentType }),
    ...fault.headers,
  };
  return { ...reply, headers, body: fault.bytes ?? patched(reply, fault) };
}

function patched(reply: Reply, { patch }: Fault): Reply['body'] {
  if (!patch || !(reply.body instanceof Uint8Array)) return reply.body;
  const value = parseJson(toText(reply.body));
  if (!isObject(value)) return reply.body;
  return toBytes(JSON.stringify(patch(value as unknown as JsonObject)) ?? '');
}
