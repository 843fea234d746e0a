import type { FieldSpec } from '@imageport/core';

export type Fields = Readonly<Record<string, FieldSpec>>;

type Text = Omit<Extract<FieldSpec, { type: 'text' }>, 'type'>;

/** Fields that take the same form in many models. */
export const flag: FieldSpec = { type: 'boolean' };
export const url: FieldSpec = {
  type: 'text',
  pattern: /^(https?:\/\/|data:image\/[\w.+-]+;base64,)\S/i,
  hint: 'a URL',
};
export const uuid: FieldSpec = { type: 'text', pattern: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, hint: 'a UUID' };

export const text = (spec: Text = {}): FieldSpec => ({ type: 'text', ...spec });

export const choice = (values: readonly (string | number)[], byDefault?: string | number): FieldSpec => ({
  type: 'choice',
  values,
  ...(byDefault === undefined ? {} : { default: byDefault }),
});

const amount =
  (type: 'integer' | 'number') =>
  (min?: number, max?: number, byDefault?: number): FieldSpec => ({
    type,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(byDefault === undefined ? {} : { default: byDefault }),
  });

export const integer = amount('integer');
export const number = amount('number');

/** Addresses of pictures: any number where the host names no most. */
export const urls = (max?: number): FieldSpec => ({
  type: 'urls',
  pattern: /^(https?:\/\/|data:image\/[\w.+-]+;base64,)\S/i,
  ...(max === undefined ? {} : { max }),
});
