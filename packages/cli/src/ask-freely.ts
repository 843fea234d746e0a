import type { Adapter, Exchange, HttpRequest } from '@imageport/core';
import { nodeTransport } from '@imageport/core/node';

/** A request that costs nothing, outside of any call. */
export interface FreeRequest {
  readonly adapter: Adapter;
  readonly baseUrl: string;
  /** Absent: none is sent along. */
  readonly key?: string | undefined;
  readonly request: HttpRequest;
  /** Milliseconds until the answer begins, and as many until it ends. */
  readonly timeout: number;
  readonly mostBytes: number;
}

/** What came of it. `status`: what the host says, in its body or before it. Absent: nobody answered, and `why` says why. */
export interface FreeAnswer {
  readonly exchange: Exchange;
  readonly status?: number;
  readonly why: string;
}

/** Asks once. Never rejects. */
export async function askFreely(asked: FreeRequest): Promise<FreeAnswer> {
  const { adapter, baseUrl, key, request, timeout, mostBytes } = asked;
  const { method, path, headers } = request;
  const exchange = await nodeTransport().send({
    ...{ method, url: baseUrl + path, timeout, bodyTimeout: timeout, maxBytes: mostBytes },
    headers: { ...headers, ...(key === undefined ? {} : adapter.authorize(key)) },
    cut: new AbortController(),
  });
  const { status, body, error } = exchange;
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  const why = code ?? name ?? 'no answer';
  if (status === undefined) return { exchange, why };
  const said = statusIn(body);
  return { exchange, why, status: status < 300 && said !== undefined ? said : status };
}

/** Some hosts say in a body of HTTP 200 that it went wrong. */
function statusIn(body: unknown): number | undefined {
  const { code } = (typeof body === 'object' && body !== null ? body : {}) as { code?: unknown };
  return typeof code === 'number' ? code : undefined;
}
