import { fill, literal, toMembers } from './literal.ts';
import type { Override, Overrides } from './overrides.ts';
import type { Sheet } from './sheets.ts';

/** Words for the patterns of the host's document. */
const hints: Readonly<Record<string, string>> = { '^\\d+:\\d+$': '"W:H"' };

/** A constant of `shapes.ts`. Of fields that resemble those of an earlier shape only the difference is written. */
export function shapeSource({ name, shape, fields }: Sheet, before: readonly Sheet[]): string {
  const names = Object.keys(fields).join();
  const similar = before.filter(
    (each) => each.shape.params === shape.params && Object.keys(each.fields).join() === names,
  );
  const [like] = similar.toSorted((one, other) => differing(fields, one).length - differing(fields, other).length);
  const own = differing(fields, like);
  const members = own.map((field) => `${field}: ${fieldSource(fields[field] ?? {})}`);
  const head = `export const ${name}: Shape = { ${[...toMembers(shape), 'fields: '].join(', ')}`;
  if (like && own.length === 0) return `${head}${like.name}.fields };`;
  return `${head}{\n${fill([...(like ? [`...${like.name}.fields`] : []), ...members], '  ')}\n} };`;
}

const differing = (fields: Overrides, like: Sheet | undefined): string[] =>
  Object.keys(fields).filter((name) => JSON.stringify(fields[name]) !== JSON.stringify(like?.fields[name]));

/** The expression that makes the field, by the helpers of `src/catalogue/spec.ts`. */
function fieldSource({ type, enum: values, items, pattern, format, ...field }: Override): string {
  if (values) return call('choice', values, field.default);
  // A list that may be null as well: leaving it out says the same.
  if (items) return call('urls', field.maxItems);
  if (format === 'uri') return 'url';
  if (format === 'uuid') return 'uuid';
  if (type === 'boolean') return 'flag';
  if (type === 'integer' || type === 'number') return call(type, field.minimum, field.maximum, field.default);
  const hint = field.hint ?? hints[pattern ?? ''];
  const { minLength: min, maxLength: max } = field;
  const members = [
    ...(pattern === undefined ? [] : [`pattern: ${new RegExp(pattern)}`]),
    ...toMembers({
      ...(hint ? { hint } : {}),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    }),
  ];
  return members.length === 0 ? 'text()' : `text({ ${members.join(', ')} })`;
}

/** Without the arguments at the end that say nothing. */
function call(name: string, ...values: readonly unknown[]): string {
  const last = values.findLastIndex((value) => value !== undefined);
  return `${name}(${values
    .slice(0, last + 1)
    .map(literal)
    .join(', ')})`;
}

/** The helpers that a source uses. */
export const helpersIn = (source: string): string =>
  ['choice', 'flag', 'integer', 'number', 'text', 'url', 'urls', 'uuid']
    .filter((name) => new RegExp(`: ${name}\\b`).test(source))
    .join(', ');

/** An entry of `models.ts`. */
export const modelsSource = ({ name, models }: Sheet): string =>
  `  [shapes.${name}, [\n${models.map((model) => `    ${literal(model)},`).join('\n')}\n  ]],`;
