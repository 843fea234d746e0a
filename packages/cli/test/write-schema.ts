import { writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from '../src/config-schema.ts';

/** The JSON Schema of the config, for editors. */
export const toSchemaFile = (): object => ({ title: 'imageport.config.json', ...toJsonSchema(configSchema) });

if (process.argv[1] === import.meta.filename) {
  writeFileSync(new URL('../schema.json', import.meta.url), `${JSON.stringify(toSchemaFile(), undefined, 2)}\n`);
}
