import { basename, extname } from 'node:path';
import { imageOptions } from '@imageport/core';
import { InvalidArgumentError } from 'commander';
import { type OptionsOf, type Plan, routeAndPlace, type Setting, withSettings, withTimeout } from '../plan.ts';
import { addProduceFlags, type ProduceFlags, produce } from '../produce.ts';
import type { AddCommand } from '../program.ts';
import { listen } from '../quiet-flag.ts';
import { readReference } from '../references.ts';
import {
  addCallFlags,
  addModelFlags,
  addOutcomeFlags,
  addResolutionFlag,
  addSeedFlag,
  type ModelFlags,
  type RequestFlags,
} from '../request-flags.ts';

type VerbFlags = ModelFlags & ProduceFlags & Pick<RequestFlags, 'fit' | 'outputFormat'>;
type UpscaleFlags = VerbFlags &
  Pick<RequestFlags, 'resolution' | 'seed'> & { readonly scale?: number; readonly prompt?: string };

/** What is asked where no model is named, at every host: a cheap one that needs nothing but the picture. */
const models = {
  toResolution: ['wavespeed:wavespeed-ai/image-upscaler', 'apiframe:clarity-upscale'],
  byFactor: ['wavespeed:bria/increase-resolution', 'apiframe:clarity-upscale'],
  cutOut: ['wavespeed:wavespeed-ai/image-background-remover', 'apiframe:bria-bg-remove'],
};
const picture = 'the picture: a file or an https address';

export const addUpscale: AddCommand = (program, io, done) => {
  const command = addModelFlags(program.command('upscale'), 'a cheap one of each host').argument('<image>', picture);
  addSeedFlag(
    addResolutionFlag(command.option('-x, --scale <factor>', 'times larger on each side, such as 2', toFactor)),
  ).option('--prompt <words>', 'what the picture shows, where the model takes words');
  addProduceFlags(addCallFlags(addOutcomeFlags(command)))
    .description('make a picture larger; its path is printed')
    .action(async (image: string, flags: UpscaleFlags) => {
      const { scale, prompt, seed, resolution } = flags;
      const own = { task: 'upscale', scale, prompt, seed, ...imageOptions({ resolution }) } as const;
      const fallback = scale === undefined ? models.toResolution : models.byFactor;
      const plan = (setting: Setting) => planVerb(image, flags, { setting, own, fallback, suffix: 'larger' });
      done(await produce(flags, listen(io, flags), plan));
    });
};

export const addCutOut: AddCommand = (program, io, done) => {
  const command = addModelFlags(program.command('cut-out'), 'a cheap one of each host').argument('<image>', picture);
  addProduceFlags(addCallFlags(addOutcomeFlags(command)))
    .description('remove the background of a picture; its path is printed')
    .action(async (image: string, flags: VerbFlags) => {
      const own = { task: 'remove-background' } as const;
      const plan = (setting: Setting) =>
        planVerb(image, flags, { setting, own, fallback: models.cutOut, suffix: 'cut out' });
      done(await produce(flags, listen(io, flags), plan));
    });
};

interface Verb {
  readonly setting: Setting;
  readonly own: { readonly task: 'upscale' | 'remove-background' };
  readonly fallback: readonly string[];
  /** Stands behind the name of the picture in the name of the file. */
  readonly suffix: string;
}

async function planVerb(given: string, flags: VerbFlags, { setting, own, fallback, suffix }: Verb): Promise<Plan> {
  const { fit, outputFormat, timeout, intent, maxCost, unchecked } = flags;
  const image = await readReference(given, setting.io.cwd, '<image>');
  const place = await routeAndPlace(flags, setting, fallback);
  const native = withSettings(flags, place.route, { images: [image], task: own.task, unchecked });
  const options = { ...own, ...native, image, fit, outputFormat, timeout, intentId: intent, maxCost, unchecked };
  return {
    ...place,
    options: withTimeout(options, setting) as OptionsOf,
    words: `${nameOf(given)} ${suffix}`,
    images: [given],
  };
}

/** Of "https://example.com/a/pier.png?x=1" or "pictures/pier.png": pier. */
function nameOf(given: string): string {
  const path = /^https?:/i.test(given) ? new URL(given).pathname : given;
  return /^data:/i.test(given) ? 'picture' : basename(path, extname(path));
}

function toFactor(text: string): number {
  const factor = Number(text);
  if (Number.isFinite(factor) && factor >= 1) return factor;
  throw new InvalidArgumentError('It must be a number from 1, such as 2.');
}
