// A React hook that asks the streaming route for a picture and shows how far it is.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from './failure.ts';
import { readLines } from './lines.ts';

export type Picture =
  | { readonly status: 'idle' }
  | { readonly status: 'working'; readonly step?: string; readonly percent?: number | undefined }
  | { readonly status: 'done'; readonly url: string }
  | { readonly status: 'failed'; readonly failure: Failure };

/** What it cost is known to the server only. Asked again under the same key, it brings the picture or says so. */
const lost: Failure = { code: 'lost', message: 'the connection was lost', billed: 'unknown', again: true };

/** `make` may be called again after any failure that says `again`: with the same words it is the same request. */
export function useImage(route: string): { picture: Picture; make: (prompt: string) => Promise<void> } {
  const [picture, show] = useState<Picture>({ status: 'idle' });
  const running = useRef<AbortController>(undefined);
  const make = useCallback(
    async (prompt: string) => {
      if (running.current) return; // a double click
      const call = new AbortController();
      running.current = call;
      for await (const step of ask(route, prompt, call.signal)) if (!call.signal.aborted) show(step);
      if (running.current === call) running.current = undefined;
    },
    [route],
  );
  const leave = useCallback(() => {
    running.current?.abort();
    running.current = undefined;
  }, []);
  useEffect(() => leave, [leave]);
  return { picture, make };
}

/** The key outlives a reload, until a picture or a final failure has come: then the same words are a new request. */
async function* ask(route: string, prompt: string, signal: AbortSignal): AsyncGenerator<Picture> {
  const slot = `${route} ${prompt}`;
  const key = sessionStorage.getItem(slot) ?? crypto.randomUUID();
  sessionStorage.setItem(slot, key);
  yield { status: 'working' };
  let end: Picture = { status: 'failed', failure: lost };
  try {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const response = await fetch(route, { method: 'POST', headers, body: JSON.stringify({ prompt }), signal });
    for await (const line of readLines(response)) {
      if (line.type === 'progress') yield { status: 'working', step: line.step, percent: line.percent };
      else
        end = line.type === 'picture' ? { status: 'done', url: line.url } : { status: 'failed', failure: line.failure };
    }
  } catch {
    // What came before the connection broke counts.
  }
  if (end.status === 'done' || (end.status === 'failed' && !end.failure.again)) sessionStorage.removeItem(slot);
  yield end;
}
