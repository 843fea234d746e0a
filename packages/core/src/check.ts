import type { HttpRequest } from './contract/adapter.ts';
import type { Adaptation } from './contract/request.ts';
import type { Cost } from './contract/result.ts';
import type { ImageError } from './errors/image-error.ts';
import { openCall } from './ready.ts';
import type { ImageOptions } from './verbs.ts';

/** What one model of a route would do with a request. */
export interface ImageCheck {
  readonly provider: string;
  readonly modelId: string;
  readonly verdict: 'supported' | 'adapted' | 'refused';
  /** What would be sent, unless refused. Reference pictures given as data stand as they are, before any upload. */
  readonly request?: HttpRequest;
  readonly adaptations: readonly Adaptation[];
  /** What one should know before paying: that the host's list has dropped the model, or what is sent unchecked. */
  readonly warnings: readonly string[];
  /** Price of one picture: listed, or with `quote: 'live'` the host's own. */
  readonly price: Cost;
  /** Why it was refused. */
  readonly error?: ImageError;
}

/**
 * Asks every model of a route whether it can honour a request, of the verb that `task` names, and for how much. Spends nothing, and
 * sends nothing unless `quote: 'live'` asks hosts for the price. Rejects with `invalid_request` where the options are wrong for
 * every model.
 */
export async function checkImage(options: ImageOptions): Promise<ImageCheck[]> {
  const call = await openCall(options);
  return (await import('./request/check.ts')).checkRoute(call);
}
