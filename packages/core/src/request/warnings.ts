import type { Adapter } from '../contract/adapter.ts';
import type { Gone } from '../contract/family.ts';
import type { Unchecked } from '../contract/request.ts';
import type { FoundModel } from './find-model.ts';

/** In words: what a caller should know before paying. */
export function toWarnings(
  adapter: Adapter,
  { family, row: { gone, native, note } }: FoundModel,
  unchecked: Unchecked | undefined,
): readonly string[] {
  const doubt = adapter.catalogue?.doubt?.();
  const isBlind = family.partly && Object.keys(family.fields).join() === 'prompt';
  if (!gone && note === undefined && doubt === undefined && !isBlind && !unchecked) return none;
  const name = `${adapter.name}:${native}`;
  return [
    ...(gone ? [describeGone(name, gone)] : []),
    ...(note === undefined ? [] : [note]),
    ...(doubt === undefined ? [] : [doubt]),
    ...(isBlind ? [`of the fields of ${name} only \`prompt\` is known`] : []),
    ...(unchecked?.model
      ? [
          `${name} is in no table, so nothing about it was checked: there may be no such model, and its price is not known`,
        ]
      : []),
    ...(unchecked && unchecked.fields.length > 0
      ? [`${name} is sent ${unchecked.fields.join(', ')} unchecked: the host may ignore it and charge`]
      : []),
  ];
}

/** That a list has dropped a model, in words. */
export const describeGone = (name: string, { seen, by }: Gone): string =>
  `${name} was last in the host's list on ${seen} and not on ${by}`;

const none: readonly never[] = Object.freeze([]);
