import * as v from 'valibot';
import { hosts } from './hosts.ts';

const names = hosts.map(({ name }) => name).join('|');

const reference = v.pipe(
  v.string(),
  v.regex(new RegExp(`^(${names}):.+$`)),
  v.description('A model at a host: "wavespeed:seedream-4", "apiframe:seedream-4".'),
);
const route = v.pipe(v.array(reference), v.minLength(1));

const host = v.strictObject({
  baseUrl: v.optional(
    v.pipe(
      v.string(),
      v.url(),
      v.description("Where the host's API is, such as an emulator. https, or http on this machine."),
    ),
  ),
});

/** `imageport.config.json`. Keys never stand in it. */
export const configSchema = v.strictObject({
  $schema: v.optional(v.string()),
  models: v.optional(
    v.pipe(
      v.record(v.string(), v.union([reference, route])),
      v.description('Names for models and routes. "default" is used when no --model is given.'),
    ),
  ),
  providers: v.optional(v.strictObject({ wavespeed: v.optional(host), apiframe: v.optional(host) })),
  gateway: v.optional(v.pipe(v.looseObject({}), v.description('Settings of `imageport gateway`, which checks them.'))),
  timeout: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1000), v.description('Milliseconds until the call times out.')),
  ),
  out: v.optional(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.description('File, or folder with a slash at the end, for the pictures; from the folder of this file.'),
    ),
  ),
});

export type Config = v.InferOutput<typeof configSchema>;
