import type { Classification } from '../errors/classify.ts';
import type { ImageError } from '../errors/image-error.ts';

/** An answer without a job. */
export class Refusal extends Error {
  readonly classification: Classification;
  readonly failure: ImageError;
  constructor(classification: Classification, error: ImageError) {
    super(classification.code);
    this.classification = classification;
    this.failure = error;
  }
}
