import { type GenerateImageOptions, parseCall } from './call.ts';
import type { HttpRequest } from './contract/adapter.ts';
import type { Adaptation } from './contract/request.ts';
import type { Cost } from './contract/result.ts';
import type { ImageError } from './errors/image-error.ts';
import { ready } from './ready.ts';

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
  /** Listed price of one picture. */
  readonly price: Cost;
  /** Why it was refused. */
  readonly error?: ImageError;
}

/**
 * Asks every model of a route whether it can honour a request, and for how much. Sends and spends nothing. Rejects with
 * `invalid_request` where the options are wrong for every model.
 */
export async function checkImage(options: GenerateImageOptions): Promise<ImageCheck[]> {
  const call = await ready(parseCall(options));
  return (await import('./request/check.ts')).checkRoute(call);
}
