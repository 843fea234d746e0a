import type { Field } from './field.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (value: string): boolean => uuid.test(value);

/** What is wrong with a value, in the words of Zod 4, or undefined when it fits. */
export function complaint(field: Field, value: unknown): string | undefined {
  if (value === null && field.nullable) return undefined;
  if (field.type === 'string') return stringComplaint(field, value);
  if (field.type === 'array') return arrayComplaint(field, value);
  if (field.type === 'boolean') return typeof value === 'boolean' ? undefined : wrongType(field, value);
  return numberComplaint(field, value);
}

function stringComplaint(field: Field, value: unknown): string | undefined {
  if (typeof value !== 'string') return wrongType(field, value);
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = field;
  if (field.enum && !field.enum.includes(value)) {
    return `Invalid option: expected one of ${field.enum.map((option) => `"${option}"`).join('|')}`;
  }
  if (value.length < minLength) return `Too small: expected string to have >=${minLength} characters`;
  if (value.length > maxLength) return `Too big: expected string to have <=${maxLength} characters`;
  if (field.pattern && !new RegExp(field.pattern).test(value)) {
    return `Invalid string: must match pattern /${field.pattern}/`;
  }
  if (field.format === 'uri' && !isUrl(value)) return 'Invalid URL';
  if (field.format === 'uuid' && !isUuid(value)) return 'Invalid UUID';
  return undefined;
}

function numberComplaint(field: Field, value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrongType(field, value);
  if (field.type === 'integer' && !Number.isInteger(value)) return 'Invalid input: expected int, received number';
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = field;
  if (value < minimum) return `Too small: expected number to be >=${minimum}`;
  if (value > maximum) return `Too big: expected number to be <=${maximum}`;
  return undefined;
}

function arrayComplaint(field: Field, value: unknown): string | undefined {
  if (!Array.isArray(value)) return wrongType(field, value);
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = field;
  if (value.length < minItems) return `Too small: expected array to have >=${minItems} items`;
  if (value.length > maxItems) return `Too big: expected array to have <=${maxItems} items`;
  if (!items) return undefined;
  return value.map((item) => complaint(items, item)).find((problem) => problem !== undefined);
}

function wrongType(field: Field, value: unknown): string {
  const received = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return `Invalid input: expected ${field.type}, received ${received}`;
}

/** `URL.canParse` of Node 22 refuses letters beyond ASCII once it is compiled. */
function isUrl(value: string): boolean {
  try {
    return new URL(value) instanceof URL;
  } catch {
    return false;
  }
}
