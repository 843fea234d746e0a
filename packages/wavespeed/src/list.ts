import type { HttpRequest, JobSnapshot, Json, ListQuery } from '@imageport/core';
import * as v from 'valibot';
import { parse } from './parse.ts';

const number = v.fallback(v.optional(v.number()), undefined);
const pageSchema = v.fallback(
  v.object({ data: v.object({ page: number, total: number, items: v.array(v.unknown()) }) }),
  { data: { items: [] } },
);

/** Asks for one page of recent tasks, newest first. */
export const toListRequest = ({ model, since, limit, cursor = '1' }: ListQuery): HttpRequest => ({
  method: 'POST',
  path: '/api/v3/predictions',
  body: {
    page: Number(cursor),
    page_size: Math.min(limit, 100),
    ...(model === undefined ? {} : { model }),
    created_after: new Date(since).toISOString(),
    include_inputs: true,
  },
});

/** Reads the items of the list endpoint. */
export const parseList = (body: unknown): readonly JobSnapshot[] =>
  v.parse(pageSchema, body).data.items.map((item) => parse(item));

/** The number of the next page. The answer does not say how long a page is, so the last one is one that is empty. */
export function parseNextPage(body: unknown): string | undefined {
  const { page, total = Infinity, items } = v.parse(pageSchema, body).data;
  if (page === undefined || !Number.isSafeInteger(page) || items.length === 0) return undefined;
  return page * items.length < total ? `${page + 1}` : undefined;
}

/**
 * The host may have added defaults to what it received, but must have every field that was sent. A task without inputs,
 * as its own address shows it, says nothing: least of all that it is another one.
 */
export function isSame({ inputs }: JobSnapshot, { body }: HttpRequest): boolean | undefined {
  if (inputs === undefined || body === undefined) return undefined;
  return holds(inputs, body);
}

function holds(received: Json | undefined, sent: Json | undefined): boolean {
  if (typeof sent !== 'object' || sent === null) return received === sent;
  if (typeof received !== 'object' || received === null) return false;
  if (Array.isArray(sent) && !(Array.isArray(received) && received.length === sent.length)) return false;
  const inReceived = new Map<string, Json>(Object.entries(received));
  return Object.entries(sent).every(([name, value]) => holds(inReceived.get(name), value));
}
