import type { Failure } from './refusal.ts';
import type { RouteName } from './routes.ts';

/** What is known of one request when it has been answered. There is no prompt, key, address or body in it. */
export interface GatewayEntry {
  readonly requestId: string;
  readonly method: string;
  /** Absent for an address that leads nowhere. */
  readonly route?: RouteName;
  /** The `id` of the key. */
  readonly key?: string;
  readonly model?: string;
  readonly intentId?: string;
  readonly replayed?: boolean;
  readonly status: number;
  /** The code of the failure that the client was told of; that of a stream comes after `status`. */
  readonly code?: string;
  readonly cost?: string;
  /** Milliseconds until the answer began, or until a stream had its pictures. */
  readonly duration: number;
}

interface Noted extends Partial<Omit<GatewayEntry, 'code' | 'cost'>> {
  readonly headers?: Record<string, string>;
  readonly failure?: Failure;
}

/** The entry of one request: facts are noted as they come, and it is written when the request and its call have ended. */
export function createLog(write: (entry: GatewayEntry) => void, method: string, requestId: string) {
  const start = performance.now();
  let noted: Noted = {};
  let status: number | undefined;
  let isStream = false;
  const flush = (): void => {
    if (status === undefined) return;
    const { headers, failure, ...facts } = noted;
    const cost = headers?.['x-imageport-cost'];
    const duration = Math.round(performance.now() - start);
    const entry = { requestId, method, ...facts, status, duration };
    const { code } = failure ?? {};
    write({ ...entry, ...(code === undefined ? {} : { code }), ...(cost === undefined ? {} : { cost }) });
  };
  return {
    note(more: Noted): void {
      noted = { ...noted, ...more };
      if (isStream && (more.headers || more.failure)) flush();
    },
    end(response: Response): Response {
      status = response.status;
      isStream = response.headers.get('content-type') === 'text/event-stream' && !noted.headers && !noted.failure;
      if (!isStream) flush();
      response.headers.set('x-request-id', requestId);
      return response;
    },
  };
}
