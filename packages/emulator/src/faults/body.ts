import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { networkError, type Reply } from '../http/message.ts';
import type { Timers } from '../timers.ts';
import type { Fault } from './fault.ts';

const chunkSize = 64 * 1024;

/** How the bytes of an answer travel: slowly, partly, for ever, or as far more than they seem. */
export function shaped(reply: Reply, fault: Fault, timers: Timers): Reply {
  if (fault.bomb !== undefined) return bomb(reply, fault.bomb);
  if (fault.endless) return { ...reply, body: endless(timers) };
  if (!(reply.body instanceof Uint8Array)) return reply;
  const { body } = reply;
  const declared = fault.contentLength ?? body.length;
  const sent = body.subarray(0, Math.min(fault.truncate ?? body.length, declared));
  if (!fault.drip && !fault.stall && sent.length === body.length && declared === body.length) return reply;
  const headers = { ...reply.headers, 'content-length': String(declared) };
  return { ...reply, headers, body: travel(sent, sent.length < declared, fault, timers) };
}

async function* travel(bytes: Uint8Array, cut: boolean, fault: Fault, timers: Timers) {
  if (fault.stall) {
    yield bytes.subarray(0, bytes.length >> 1);
    await timers.forever();
  }
  const { bytes: step, every } = fault.drip ?? { bytes: Math.max(bytes.length, 1), every: 0 };
  for (let start = 0; start < bytes.length; start += step) {
    if (start > 0) await timers.sleep(every);
    yield bytes.subarray(start, start + step);
  }
  if (cut) throw networkError('ECONNRESET', 'terminated');
}

// Spaces may go on for ever in front of JSON. The pause lets the timers of an in-process reader run.
async function* endless(timers: Timers) {
  const spaces = new Uint8Array(chunkSize).fill(0x20);
  for (;;) {
    yield spaces;
    await timers.sleep(1);
  }
}

function bomb(reply: Reply, size: number): Reply {
  const headers = { ...reply.headers, 'content-encoding': 'gzip' };
  return { ...reply, headers, body: Readable.from(spaces(size)).pipe(createGzip()), decoded: spaces(size) };
}

async function* spaces(size: number) {
  const full = new Uint8Array(chunkSize).fill(0x20);
  for (let left = size; left > 0; left -= full.length) yield left < full.length ? full.subarray(0, left) : full;
}
