import { type GenerateImageOptions, parseOptions } from './call.ts';
import type { NativeFields } from './contract/request.ts';
import { toObject } from './errors/invalid.ts';
import type { RequestOptions } from './request/options.ts';
import { parseRoute } from './request/target.ts';

/** A text of a certain form, as any text. */
type Loose<Option> = Option extends string ? string : Option;

/** The options of a call as a config, a form or a query has them: any text, any names of hosts. */
export type PlainOptions = {
  [Name in keyof GenerateImageOptions]: Name extends 'providerOptions'
    ? Readonly<Record<string, NativeFields>> | undefined
    : Loose<GenerateImageOptions[Name]>;
};

/**
 * Takes options that are known at run time only, such as the `size` of a config, checks them, and returns them under the types
 * that a call takes: `generateImage({ model, prompt, ...imageOptions({ size: config.size }) })`. Throws `invalid_request`,
 * which names the option.
 */
export function imageOptions<Name extends keyof GenerateImageOptions>(
  options: Pick<PlainOptions, Name>,
): Pick<GenerateImageOptions, Name> {
  const { model, ...rest }: Partial<PlainOptions> = toObject(options);
  if ('model' in options) parseRoute(model);
  // The prompt is only there so that the rest can be checked like any call.
  parseOptions({ prompt: 'any', ...rest } as RequestOptions);
  return options as Pick<GenerateImageOptions, Name>;
}
