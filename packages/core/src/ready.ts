import { type Call, parseCall } from './call.ts';
import { toObject } from './errors/invalid.ts';
import { outsideTables } from './request/outside.ts';
import { parseRoute } from './request/target.ts';
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
  if (outsideTables(call.route).length === 0) return inOrder(call);
  return import('./request/load-route.ts').then(({ loadRoute }) => loadRoute(call)).then(() => inOrder(call));
}

const inOrder = (call: Call): Call =>
  call.order ? { ...call, route: parseRoute(call.order(call.route, call.request)) } : call;
