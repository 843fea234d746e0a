import { type Call, parseCall } from './call.ts';
import { ImageError } from './errors/image-error.ts';
import { toObject } from './errors/invalid.ts';
import { loadInTime } from './request/load-in-time.ts';
import { parseRoute } from './request/target.ts';
import { DeadlineReached } from './time/deadline.ts';
import type { ImageOptions } from './verbs.ts';

/**
 * Checks the options of any verb: a call whose models are all known, in the order in which they are asked. Throws
 * `invalid_request`. Only another verb than `generateImage` and a model outside the small tables are waited for, and no longer than
 * the call's time: rejects with `timeout` then, and with the caller's own reason after an abort.
 */
export function openCall(options: ImageOptions): Call | Promise<Call> {
  const { task = 'generate' } = toObject(options);
  if (task === 'generate') return ready(parseCall(options));
  return import('./request/verb-options.ts').then(({ toReader }) => ready(parseCall(options, toReader(options))));
}

function ready(call: Call): Call | Promise<Call> {
  const { route, start, timeout, signal } = call;
  const loading = loadInTime(route, { end: start + timeout, signal });
  if (!loading) return inOrder(call);
  return loading.then(
    () => inOrder(call),
    (error: unknown) => {
      throw error instanceof DeadlineReached ? tooLate(call) : error;
    },
  );
}

/** Of an id that the caller gave an earlier call may have paid. */
const tooLate = ({ isNamed }: Call): ImageError =>
  new ImageError({
    ...{ code: 'timeout', billed: isNamed ? 'unknown' : 'no', stage: 'prepare' },
    message: 'The list of models did not come in time; nothing was sent. Give the call more `timeout`',
  });

const inOrder = (call: Call): Call =>
  call.order ? { ...call, route: parseRoute(call.order(call.route, call.request)) } : call;
