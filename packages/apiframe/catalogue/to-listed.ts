import { fill, literal, toMembers } from './literal.ts';
import type { RecordedFields, RecordedModel } from './recorded.ts';
import { toName } from './sheets.ts';

/** What follows the head of `src/live/listed.ts`: what the document says of every operation. Fields that are the same stand there once. */
export function listedSource(models: readonly RecordedModel[]): string {
  const sources = new Map<string, string>();
  const names = new Map<string, string>();
  /** The name of an object of fields; a new one gets the first of those that are free, so that it moves no other. */
  const nameOf = (fields: RecordedFields, ...wanted: readonly string[]): string => {
    const key = literal(fields);
    const name = names.get(key) ?? wanted.find((each) => !sources.has(each)) ?? '';
    names.set(key, name);
    sources.set(name, `const ${name}: RecordedFields = {\n${fill(toMembers(fields), '  ')}\n};`);
    return name;
  };
  const rows = models.map(({ id, action, params, top, inputs, lastSeen, goneBy }) => {
    const gone = goneBy === undefined ? '' : `, gone: ${literal({ seen: lastSeen, by: goneBy })}`;
    const beside = nameOf(top, ...(Object.keys(top).join() === 'prompt' ? ['prompt'] : []), `${toName(id)}Top`);
    const own = nameOf(inputs, (params ?? 'noParams').replace(/Params$/, ''), toName(id));
    return `  { id: ${literal(id)}, action: ${literal(action)}, top: ${beside}, inputs: ${own}${gone} },`;
  });
  return `import type { Listed } from './compare.ts';
import type { RecordedFields } from './document.ts';

${[...sources.values()].join('\n')}

/** What the document says of the operations of the host. */
export const operations: readonly Listed[] = [
${rows.join('\n')}
];
`;
}
