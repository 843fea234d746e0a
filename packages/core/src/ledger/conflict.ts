import { ImageError } from '../errors/image-error.ts';

/** The id stands for another request already. */
export const conflict = (intentId: string): ImageError =>
  new ImageError({
    code: 'invalid_request',
    reason: 'intent_conflict',
    message: `\`intentId\` "${intentId}" already stands for another request; give each request its own id`,
    billed: 'no',
    stage: 'prepare',
    intentId,
  });
