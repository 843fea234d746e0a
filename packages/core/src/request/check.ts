import type { Call } from '../call.ts';
import type { ImageCheck } from '../check.ts';
import type { ImageRequest } from '../contract/request.ts';
import { ImageError } from '../errors/image-error.ts';
import type { RouteModel } from '../host/provider.ts';
import { checkAddress } from '../picture/address.ts';
import { type Prepared, prepareRequest } from './resolve.ts';
import { requestAt } from './target.ts';

/** What one model says, and what it would be asked for unless it refuses. */
export interface Checked {
  readonly model: RouteModel;
  readonly check: ImageCheck;
  readonly prepared?: Prepared;
}

/** What every model of a route would do with a request. */
export async function checkRoute({ route, request, policy, timeout, signal }: Call): Promise<ImageCheck[]> {
  const checked = route.map((model) => checkOne(model, request));
  if (policy.quote === 'listed') return checked.map(({ check }) => check);
  const { withQuotes } = await import('../picture/quoted-checks.ts');
  return withQuotes(checked, timeout, signal);
}

function checkOne(model: RouteModel, request: ImageRequest): Checked {
  const { provider, modelId, overrides } = model;
  const { adapter } = provider;
  const subject = { provider: adapter.name, modelId };
  try {
    const prepared = prepareRequest(adapter, modelId, requestAt(request, overrides));
    if (request.vary) checkAddress({ adapter, origin: provider['~account'].account.origin }, request.vary.job, 'no');
    const { native, adaptations, price, warnings } = prepared;
    const verdict = adaptations.length ? 'adapted' : 'supported';
    const check = { ...subject, verdict, request: adapter.toSubmit(native), adaptations, price, warnings } as const;
    return { model, prepared, check };
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    const none = { adaptations: [], warnings: [], price: { source: 'unknown' } } as const;
    return { model, check: { ...subject, verdict: 'refused', ...none, error } };
  }
}
