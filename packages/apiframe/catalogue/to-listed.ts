import { fill, literal, toMembers } from './literal.ts';
import type { RecordedFields, RecordedModel } from './recorded.ts';

/** What follows the head of `src/live/listed.ts`: what the document says of every operation. Fields that are the same stand there once. */
export function listedSource(models: readonly RecordedModel[]): string {
  const names = new Map<string, string>();
  const objects: string[] = [];
  const nameOf = (fields: RecordedFields): string => {
    const key = literal(fields);
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = `fields${names.size}`;
    objects.push(objectSource(name, fields));
    names.set(key, name);
    return name;
  };
  const rows = models.map(({ id, action, top, inputs, lastSeen, goneBy }) => {
    const gone = goneBy === undefined ? '' : `, gone: ${literal({ seen: lastSeen, by: goneBy })}`;
    return `  { id: ${literal(id)}, action: ${literal(action)}, top: ${nameOf(top)}, inputs: ${nameOf(inputs)}${gone} },`;
  });
  return `import type { Listed } from './compare.ts';
import type { RecordedFields } from './document.ts';

${objects.join('\n')}

/** What the document says of the operations of the host. */
export const operations: readonly Listed[] = [
${rows.join('\n')}
];
`;
}

const objectSource = (name: string, fields: RecordedFields): string =>
  `const ${name}: RecordedFields = {\n${fill(toMembers(fields), '  ')}\n};`;
