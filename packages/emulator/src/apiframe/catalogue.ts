import type { ApiframeAction, ApiframeModel } from '../catalogue/document.ts';
import { apiframeDocument } from '../catalogue/load.ts';
import { countOf } from '../picture/extent.ts';

export type Params = Readonly<Record<string, unknown>>;

/** What a picture is charged with where no page says what it costs. */
const unknownCredits = 6;

/** The models of an operation, or the Midjourney actions. */
export const modelsOf = (action: ApiframeAction): ApiframeModel[] =>
  apiframeDocument().models.filter((model) => model.action === action);

export const findModel = (action: ApiframeAction, id: unknown): ApiframeModel | undefined =>
  modelsOf(action).find((model) => model.id === id);

/** Credits for one picture: the least and the most. */
export function creditRange({ credits = unknownCredits }: ApiframeModel): readonly [number, number] {
  const each = typeof credits === 'number' ? [credits] : Object.values(credits);
  return [Math.min(...each), Math.max(...each)];
}

/** Credits for a job. The four pictures of Midjourney are one. */
export function creditsOf(model: ApiframeModel, params: Params): number {
  const { credits = unknownCredits } = model;
  const each = typeof credits === 'number' ? credits : (credits[String(params.quality)] ?? creditRange(model)[1]);
  return each * countOf(params);
}
