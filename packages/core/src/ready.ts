import type { Call } from './call.ts';
import { loadCatalogues } from './request/catalogue.ts';
import { parseRoute } from './request/target.ts';

/** A call whose models are all known, in the order in which they are asked. Only a model outside the small tables is waited for. */
export function ready(call: Call): Call | Promise<Call> {
  const loading = loadCatalogues(call.route);
  return loading ? loading.then(() => inOrder(call)) : inOrder(call);
}

const inOrder = (call: Call): Call =>
  call.order ? { ...call, route: parseRoute(call.order(call.route, call.request)) } : call;
