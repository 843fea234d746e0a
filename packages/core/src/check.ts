import { type GenerateImageOptions, parseCall } from './call.ts';
import type { HttpRequest } from './contract/adapter.ts';
import type { Adaptation, ImageRequest } from './contract/request.ts';
import type { Cost } from './contract/result.ts';
import { ImageError } from './errors/image-error.ts';
import type { RouteModel } from './host/provider.ts';
import { prepareRequest } from './request/resolve.ts';
import { requestAt } from './request/target.ts';

/** What one model of a route would do with a request. */
export interface ImageCheck {
  readonly provider: string;
  readonly modelId: string;
  readonly verdict: 'supported' | 'adapted' | 'refused';
  /** What would be sent, unless refused. Reference pictures given as data stand as they are, before any upload. */
  readonly request?: HttpRequest;
  readonly adaptations: readonly Adaptation[];
  /** Listed price of one picture. */
  readonly price: Cost;
  /** Why it was refused. */
  readonly error?: ImageError;
}

/** Asks every model of a route whether it can honour a request, and for how much. Sends and spends nothing. */
export function checkImage(options: GenerateImageOptions): ImageCheck[] {
  const { route, request } = parseCall(options);
  return route.map((model) => checkOne(model, request));
}

function checkOne({ provider, modelId, overrides }: RouteModel, request: ImageRequest): ImageCheck {
  const { adapter } = provider;
  const subject = { provider: adapter.name, modelId };
  try {
    const { native, adaptations, price } = prepareRequest(adapter, modelId, requestAt(request, overrides));
    const verdict = adaptations.length ? 'adapted' : 'supported';
    return { ...subject, verdict, request: adapter.toSubmit(native), adaptations, price };
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    return { ...subject, verdict: 'refused', adaptations: [], price: { source: 'unknown' }, error };
  }
}
