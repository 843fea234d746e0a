import type { Family, FieldSpec } from '../contract/family.ts';
import type { JsonObject } from '../contract/json.ts';
import type { Sheet } from './rule.ts';

type Fields = Sheet['fields'];

/** By this name schemas have pictures; lists of addresses are pictures under any. */
const named = /(^|_)image(_url)?$|^mask$/;

const isPicture = (name: string, spec: FieldSpec | undefined): boolean =>
  spec?.type === 'urls' || (spec?.type === 'text' && named.test(name));

/** The fields with what their pictures must look like: a host charges for a request whose picture it cannot read. */
export function withPictures({ fields, picture }: Sheet): Fields {
  if (!picture) return fields;
  const { pattern } = picture;
  const entries = Object.entries(fields).map(([name, spec]): [string, FieldSpec] => {
    if (!isPicture(name, spec)) return [name, spec];
    return [name, { ...spec, ...(spec.type === 'text' ? picture : { pattern }) } as FieldSpec];
  });
  return Object.fromEntries(entries);
}

type Check = NonNullable<Family['check']>;

/** What a schema does not demand, though the host charges for what is left without it. */
export function checkInputs({ fields, required, prompt, onlyMasked, partly }: Sheet): Check | undefined {
  const inputs = Object.keys(fields).filter((name) => name === 'prompt' || isPicture(name, fields[name]));
  const isFree =
    !partly && prompt !== 'required' && inputs.length > 0 && !inputs.some((name) => required.includes(name));
  const isMaskable = ['image', 'mask_image'].every((name) => Object.hasOwn(fields, name));
  const isSizedTwice = ['width', 'height', 'aspect_ratio'].every((name) => Object.hasOwn(fields, name));
  const checks = [
    ...(isSizedTwice ? [checkSides] : []),
    ...(onlyMasked ? [checkMasked] : []),
    ...(isMaskable ? [checkMask] : []),
    ...(isFree ? [checkGiven(inputs)] : []),
  ];
  if (checks.length === 0) return undefined;
  return (sent) => checks.map((check) => check(sent)).find((problem) => problem !== undefined);
}

function checkMasked({ image, mask_image: mask }: JsonObject): string | undefined {
  if (image === undefined || mask !== undefined) return undefined;
  return 'the model uses `image` only together with a mask; give `mask`';
}

const checkMask: Check = ({ image, mask_image: mask }) =>
  mask !== undefined && image === undefined ? '`mask_image` is nothing without `image`' : undefined;

/** No page says which of the two counts. */
const checkSides: Check = ({ width, height, aspect_ratio: ratio = 'custom' }) =>
  ratio !== 'custom' && (width !== undefined || height !== undefined)
    ? '`aspect_ratio` and `width` with `height` say two sizes; give one of the two'
    : undefined;

const checkGiven =
  (inputs: readonly string[]): Check =>
  (sent) =>
    inputs.some((name) => sent[name] !== undefined && sent[name] !== '')
      ? undefined
      : `the model needs ${inputs.map((name) => `\`${name}\``).join(' or ')}`;
