/** The part of JSON Schema that describes the parameters of an image model. */
export interface Field {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array';
  readonly nullable?: true;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: 'uri' | 'uuid';
  readonly items?: Field;
  readonly default?: string | number | boolean;
}

export type Fields = Readonly<Record<string, Field>>;

export const text: Field = { type: 'string' };
export const uri: Field = { type: 'string', format: 'uri' };
export const flag: Field = { type: 'boolean' };
export const whole: Field = { type: 'integer' };

export const upTo = (maxLength: number): Field => ({ type: 'string', maxLength });
export const integer = (minimum: number, maximum: number): Field => ({ type: 'integer', minimum, maximum });
export const number = (minimum: number, maximum: number): Field => ({ type: 'number', minimum, maximum });
export const oneOf = (...values: readonly string[]): Field => ({ type: 'string', enum: values });
export const uris = (maxItems: number): Field => ({ type: 'array', items: uri, maxItems });
export const preset = (field: Field, value: string | number | boolean): Field => ({ ...field, default: value });
