import type { Family, FieldSpec, ResolvedRequest } from '../contract/family.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ImageRequest } from '../contract/request.ts';
import { Unfit } from './extent.ts';
import { checkField, describeField } from './fields.ts';
import { nearTo } from './near.ts';
import { optionOf } from './option-of.ts';
import { withoutUndefined } from './without-undefined.ts';

/** Native fields that hold a picture are told by their names. */
const picture =
  /^((reference|input|source|control|mask|character_reference)_)?images?(_(url|input|prompt))?$|^mask$|^reference$/;

/**
 * Pictures have options of their own, which choose the variant of a model and are counted, looked at and uploaded: a field in place of
 * one is refused with the option's name where the model would be refused for want of it.
 */
export function checkNativePictures(
  family: Family,
  { images, mask, unchecked }: ImageRequest,
  extra: JsonObject,
): void {
  const { accepts, fields } = family;
  const given = Object.keys(extra).filter((name) => picture.test(name));
  if (given.length === 0 || fields === 'any') return;
  const instead = (option: 'images' | 'mask'): Unfit | undefined => {
    const name = given.find((each) => optionOf(family, each) === option);
    if (name === undefined) return undefined;
    return new Unfit(`providerOptions.${name}`, `the model's picture is given by the option \`${option}\``, true);
  };
  const missing =
    (images.length < (accepts.images?.min ?? 0) ? instead('images') : undefined) ??
    (mask === undefined && accepts.mask === 'required' ? instead('mask') : undefined);
  if (missing) throw missing;
  const foreign = given.find((name) => !Object.hasOwn(fields, name));
  if (foreign === undefined || unchecked) return;
  const option = /mask/.test(foreign) ? 'mask' : 'images';
  const problem = 'the model has no such field';
  throw new Unfit(`providerOptions.${foreign}`, `${problem}; pictures are given by the option \`${option}\``, true);
}

/** Neutral options and provider options in the host's words, each field checked against the table. */
export function toFields(
  family: Family,
  resolved: ResolvedRequest,
  { unchecked = false, extra }: { readonly unchecked: boolean | undefined; readonly extra: JsonObject },
): { readonly fields: JsonObject; readonly unchecked: readonly string[] } {
  const asked = withoutUndefined(family.toWire(resolved)) as Record<string, Json>;
  for (const [name, value] of Object.entries(extra)) {
    if (Object.hasOwn(asked, name) && JSON.stringify(asked[name]) !== JSON.stringify(value)) {
      throw new Unfit(`providerOptions.${name}`, 'a neutral option says something else; give one of the two', true);
    }
  }
  const defaults = withoutUndefined(family.toDefaults?.(resolved) ?? {}) as Record<string, Json>;
  const fields = { ...defaults, ...asked, ...extra };
  if (family.fields === 'any') {
    checkUnknown(resolved, extra);
    return { fields, unchecked: unchecked ? Object.keys(extra) : none };
  }
  // What only this model cannot do is left to the next one; a mistake in its own fields is the caller's.
  const isNative = Object.keys(extra).length > 0 || resolved.vary !== undefined;
  const known = family.fields;
  const outside = Object.keys(fields).filter((name) => !Object.hasOwn(known, name));
  if (!unchecked && outside[0] !== undefined) throw unknownField(outside[0], family, known);
  for (const [name, value] of Object.entries(fields)) {
    const problem = problemOf(known, name, value);
    if (problem && resolved.vary && !Object.hasOwn(extra, name))
      throw new Unfit('action', `\`${name}\` ${problem}`, true);
    if (problem) throw new Unfit(`providerOptions.${name}`, problem, true);
  }
  const missing = family.required?.find((name) => !Object.hasOwn(fields, name));
  if (missing !== undefined) {
    throw new Unfit(optionOf(family, missing) ?? `providerOptions.${missing}`, needed(known[missing]), isNative);
  }
  const problem = family.check?.(fields);
  if (problem) throw new Unfit(resolved.vary ? 'action' : isNative ? 'providerOptions' : '', problem, isNative);
  return { fields, unchecked: outside };
}

function unknownField(name: string, { partly }: Family, known: Fields): Unfit {
  const near = nearTo(name, Object.keys(known));
  const names = Object.keys(known).join(', ');
  const has =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : names === '' ? 'none is known' : `it has ${names}`;
  const way = partly ? '; not all of its fields are known: `unchecked: true` sends it' : '';
  return new Unfit(`providerOptions.${name}`, `the model has no such field; ${has}${way}`, true);
}

/** Of an id outside the tables the prompt and the id stand beside the fields: two of them would not both be sent. */
function checkUnknown({ prompt }: ResolvedRequest, extra: JsonObject): void {
  if ('model' in extra) throw new Unfit('providerOptions.model', 'the model is named by its id', true);
  if (prompt !== '' && 'prompt' in extra && extra.prompt !== prompt) {
    throw new Unfit('providerOptions.prompt', '`prompt` says something else; give one of the two', true);
  }
}

type Fields = Readonly<Record<string, FieldSpec>>;

const needed = (spec: FieldSpec | undefined): string => `the model needs it${spec ? `: ${describeField(spec)}` : ''}`;

function problemOf(known: Fields, name: string, value: Json): string | undefined {
  const spec = Object.hasOwn(known, name) ? known[name] : undefined;
  return spec && checkField(spec, value);
}

const none: readonly never[] = Object.freeze([]);
