import type { Format, Size } from '../picture/request.ts';
import type { Field, Fields } from '../schema/field.ts';
import { artFamilies } from './families/art.ts';
import { seedreamFamily } from './families/seedream.ts';
import { vendorFamilies } from './families/vendors.ts';

export type Params = Readonly<Record<string, unknown>>;

/** Models that share one params object. */
export interface Family {
  /** The only params key that these models take. */
  readonly params: string;
  /** Credits by model id. */
  readonly models: Readonly<Record<string, number>>;
  readonly fields: Fields;
  /** Params that must be there; with any, the params object itself must be there too. */
  readonly required?: readonly string[];
  /** @default 2000 */
  readonly promptLength?: number;
  readonly credits?: (model: string, params: Params) => number;
  /** The param that says how many pictures come. */
  readonly count?: string;
  readonly always?: number;
  readonly format?: Format;
  /** The side of the square drawn when the caller asks for no area. @default 1024 */
  readonly side?: Readonly<Record<string, number>>;
  readonly sizes?: Readonly<Record<string, Size>>;
}

export const families: readonly Family[] = [seedreamFamily, ...artFamilies, ...vendorFamilies];

const byModel = new Map(families.flatMap((family) => Object.keys(family.models).map((id) => [id, family] as const)));

export const modelIds: readonly string[] = [...byModel.keys()];

export const familyOf = (model: unknown): Family | undefined =>
  typeof model === 'string' ? byModel.get(model) : undefined;

export const promptField = ({ promptLength = 2000 }: Family): Field => ({
  type: 'string',
  minLength: 1,
  maxLength: promptLength,
});

export function creditsOf(family: Family, model: string, params: Params): number {
  const each = family.credits?.(model, params) ?? family.models[model] ?? 0;
  return each * (family.count === undefined ? 1 : Number(params[family.count] ?? 1));
}

export const countOf = (family: Family, params: Params): number =>
  family.always ?? (family.count === undefined ? 1 : Number(params[family.count] ?? 1));
