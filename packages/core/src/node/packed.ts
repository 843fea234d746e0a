import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Job } from '../contract/job.ts';
import type { LedgerRecord } from '../ledger/facts.ts';
import { foldRecord } from '../ledger/reduce.ts';
import { ledgerError } from './disk.ts';
import { checkEvents } from './known-lines.ts';
import type { ClosedLine } from './ledger-line.ts';

/** As the line of that number. */
export function pack(record: LedgerRecord, seq: number): ClosedLine {
  const { intent, events } = record;
  const jobs = events.flatMap((event) => (event.type === 'accepted' ? [event.job] : []));
  const words = events.flatMap((event) => (event.type === 'sending' && event.words !== undefined ? [event.words] : []));
  return {
    seq,
    closed: intent.id,
    at: events.at(-1)?.at ?? intent.createdAt,
    ...(hasOpenSend(record) ? { unsure: true } : {}),
    jobs: jobs.map(({ provider, modelId, id }) => [provider, modelId, id]),
    ...(words.length > 0 ? { words: [...new Set(words)] } : {}),
    packed: deflateRawSync(JSON.stringify(record), { ...small, dictionary }).toString('base64'),
  };
}

export function unpack(path: string, { packed }: ClosedLine): LedgerRecord {
  const record = parse(path, packed);
  checkEvents(path, record.events);
  return record;
}

function parse(path: string, packed: string): LedgerRecord {
  try {
    return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64'), { dictionary }).toString());
  } catch (cause) {
    throw ledgerError(path, 'holds a delivered intent that cannot be unpacked', cause);
  }
}

export const jobsOf = ({ jobs }: ClosedLine): Job[] =>
  jobs.map(([provider, modelId, id]) => ({ provider, modelId, id }));

/** It has a send that was declared absent. */
export const hasOpenSend = (record: LedgerRecord): boolean => foldRecord(record).sends.some(({ end }) => !end);

const small = { windowBits: 11, memLevel: 3, chunkSize: 2_048 } as const;

/**
 * What records have in common, so that it need not stand in each of them. A part of format 2: with another text no file
 * that was written with this one can be read.
 */
const dictionary = Buffer.from(
  [
    '"refund":"pending","code":"unsent","polled","state":"failed","searched","candidates":[],"resolved","proof":"count"',
    '"mark","human","marked":true,"overrides":{"size":{"width":2048,"height":2048},"aspectRatio":"16:9","resolution":"2K"',
    '"seed":,"outputFormat":"jpeg","images":["data:#"],{"intent":{"id":"","createdAt":17,"request":{"prompt":""',
    '"images":["https://"],"fit":"exact","providerOptions":{}},"route":[{"provider":"apiframe","modelId":"',
    '{"provider":"wavespeed","modelId":"seedream-4"}]},"events":[{"type":"sending","at":17,"attempt":1',
    '"target":{"provider":"wavespeed","modelId":"seedream-4"},"request":{"method":"POST","path":"/api/v3/bytedance/"',
    '"body":{}},"key":"","seed":,"send":"","words":""},{"type":"accepted","at":17,"job":{"provider":"wavespeed"',
    '"modelId":"seedream-4","id":"","submittedAt":17},"send":"","proof":"answer"},{"type":"settled","at":17',
    '"outcome":"completed","billed":"yes","cost":{"amount":0.0,"currency":"USD","source":"listed"}',
    '"urls":["https://d1q70pf5vjeyhc.cloudfront.net/predictions//1.jpeg"],"jobId":""},{"type":"delivered","at":17}]}',
  ].join(),
);
