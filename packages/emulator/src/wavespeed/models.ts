import type { Format } from '../picture/request.ts';
import type { Fields } from '../schema/field.ts';
import { dreaminaModels } from './models/dreamina.ts';
import { otherModels } from './models/other.ts';
import { seedreamModels } from './models/seedream.ts';

export type Inputs = Readonly<Record<string, unknown>>;

export interface WavespeedModel {
  readonly id: string;
  readonly fields: Fields;
  readonly required: readonly string[];
  readonly basePrice: number;
  /** USD for these inputs, where it is not simply the base price. */
  readonly price?: (inputs: Inputs) => number;
  /** The fewest and the most pixels in all, besides the limits of each side. */
  readonly area?: readonly [minimum: number, maximum: number];
  /** Drawn when the caller names no format. @default 'jpeg' */
  readonly format?: Format;
  /** Layers that come besides the picture. */
  readonly layers?: number;
}

export const models: readonly WavespeedModel[] = [...dreaminaModels, ...seedreamModels, ...otherModels];

const byId = new Map(models.map((model) => [model.id, model]));

export const findModel = (id: string): WavespeedModel | undefined => byId.get(id);

export const priceOf = (model: WavespeedModel, inputs: Inputs): number => model.price?.(inputs) ?? model.basePrice;
