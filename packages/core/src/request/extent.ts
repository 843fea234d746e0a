import type { Shape } from '../contract/family.ts';
import type { Adaptation, Resolution, Size } from '../contract/request.ts';

/** The ways in which a request can say how large. */
export interface Extent {
  readonly size?: Size;
  readonly aspectRatio?: string;
  readonly resolution?: Resolution;
}

/** How large it will be, and what was changed for it. */
export interface Answer {
  readonly shape: Shape;
  readonly adaptations: readonly Adaptation[];
}

/** Thrown inside this folder; `prepareRequest` turns it into an `unsupported` error that names the model. */
export class Unfit extends Error {
  readonly option: string;
  /** A mistake of the caller rather than a limit of the model: another model would not help. */
  readonly invalid: boolean;
  constructor(option: string, problem: string, invalid = false) {
    super(problem);
    this.option = option;
    this.invalid = invalid;
  }
}

/** Side length in pixels of a square picture of a resolution. */
export const sides: Readonly<Record<Resolution, number>> = {
  ...{ '0.5K': 512, '1K': 1024, '1.5K': 1536, '2K': 2048, '3K': 3072, '4K': 4096, '8K': 8192 },
};

const none: readonly never[] = Object.freeze([]);
export const exactly = (shape: Shape): Answer => ({ shape, adaptations: none });
export const adapted = (shape: Shape, adaptation: Adaptation): Answer => ({ shape, adaptations: [adaptation] });
export const changed = (option: string, asked: string | undefined, sent: string, reason: string): Adaptation => ({
  option,
  asked: asked ?? '',
  sent,
  reason,
});
