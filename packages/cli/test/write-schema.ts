import { writeFileSync } from 'node:fs';
import { settingsSchema } from '@imageport/gateway';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { configSchema } from '../src/config-schema.ts';

/** The JSON Schema of the config, for editors. */
export const toSchemaFile = (): object => ({ title: 'imageport.config.json', ...toJsonSchema(wholeSchema) });

/** The part of the gateway is checked by the gateway, which other commands do not load. */
const wholeSchema = v.strictObject({
  ...configSchema.entries,
  gateway: v.optional(v.pipe(settingsSchema, v.description('Settings of `imageport gateway`.'))),
});

if (process.argv[1] === import.meta.filename) {
  writeFileSync(new URL('../schema.json', import.meta.url), `${JSON.stringify(toSchemaFile(), undefined, 2)}\n`);
}
