import type { ImageCheck } from '../check.ts';
import type { ImageRequest } from '../contract/request.ts';
import { ImageError } from '../errors/image-error.ts';
import type { RouteModel } from '../host/provider.ts';
import { prepareRequest } from './resolve.ts';
import { type Route, requestAt } from './target.ts';

/** What every model of a route would do with a request. */
export const checkRoute = ({
  route,
  request,
}: {
  readonly route: Route;
  readonly request: ImageRequest;
}): ImageCheck[] => route.map((model) => checkOne(model, request));

function checkOne({ provider, modelId, overrides }: RouteModel, request: ImageRequest): ImageCheck {
  const { adapter } = provider;
  const subject = { provider: adapter.name, modelId };
  try {
    const { native, adaptations, price, warnings } = prepareRequest(adapter, modelId, requestAt(request, overrides));
    const verdict = adaptations.length ? 'adapted' : 'supported';
    return { ...subject, verdict, request: adapter.toSubmit(native), adaptations, price, warnings };
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    return { ...subject, verdict: 'refused', adaptations: [], warnings: [], price: { source: 'unknown' }, error };
  }
}
