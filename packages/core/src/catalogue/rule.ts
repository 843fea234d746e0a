import type { Accepts, FieldSpec, Geometry, ResolvedRequest } from '../contract/family.ts';
import type { JsonObject } from '../contract/json.ts';

/** What a host's document says of one model, or of several that share it. */
export interface Sheet {
  /** The native fields. With `prompt` among them, the prompt stands there; else `prompt` says whether there is one. */
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** Native fields that must be there. */
  readonly required: readonly string[];
  /** Whether a prompt is sent beside the fields. @default 'none' */
  readonly prompt?: Accepts['prompt'];
  /** It is documented that white in the mask is what changes. */
  readonly whiteMask?: boolean;
  /** The reference picture is there to be masked: without a mask it is not used. */
  readonly onlyMasked?: boolean;
  /** Not all fields are known. */
  readonly partly?: boolean;
  /** What a field that holds a picture takes; told by its name. Absent: the fields say it. */
  readonly picture?: { readonly pattern: RegExp; readonly hint: string };
}

export type WireFields = Readonly<Record<string, JsonObject[string] | undefined>>;

/** What one rule makes of a sheet: which neutral options that gives, and how they are written. */
export interface Part {
  readonly accepts?: Omit<Accepts, 'geometry'>;
  readonly geometry?: Geometry;
  readonly toWire: (request: ResolvedRequest) => WireFields;
}

/** Reads what it knows in a sheet; undefined where there is nothing of it. */
export type Rule = (sheet: Sheet) => Part | undefined;

type OfType<Type extends FieldSpec['type'], Spec = FieldSpec> = Spec extends FieldSpec
  ? Type extends Spec['type']
    ? Spec
    : never
  : never;

/** The field of a name, where it is of a type. */
export function fieldOf<Type extends FieldSpec['type']>(
  { fields }: Sheet,
  name: string,
  type: Type,
): OfType<Type> | undefined {
  const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return spec?.type === type ? (spec as OfType<Type>) : undefined;
}
