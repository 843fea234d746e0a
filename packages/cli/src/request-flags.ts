import { type GenerateImageOptions, imageOptions, type MaxCost, type OutputFormat } from '@imageport/core';
import { resolutions } from '@imageport/core/catalogue';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { addConfigFlag } from './config-flag.ts';
import { isLikelySeconds, parseDuration } from './duration.ts';
import { hosts } from './hosts.ts';
import { addLedgerFlag } from './ledger/flag.ts';
import { toMaxCost } from './max-cost.ts';
import { readReference, readReferences } from './references.ts';
import { addSetFlag } from './settings.ts';

const resolutionNames = `${resolutions.slice(0, -1).join(', ')} or ${resolutions.at(-1)}`;

/** Which models are asked. */
export interface ModelFlags {
  readonly model: readonly string[];
  readonly provider?: string;
  readonly unchecked?: boolean;
}

/** How a call behaves, and where its pictures go. */
export interface CallFlags {
  readonly out?: string;
  readonly json?: boolean;
  readonly timeout?: number;
  readonly config?: string;
  readonly intent?: string;
  readonly maxCost?: MaxCost;
  readonly ledger?: string;
  /** Native fields, each as name=value. */
  readonly set?: readonly string[];
}

/** What `generate` and `check` take alike, as commander hands it over. */
export interface RequestFlags extends ModelFlags, CallFlags {
  readonly size?: string;
  readonly aspectRatio?: string;
  readonly resolution?: string;
  readonly seed?: number;
  readonly image: readonly string[];
  readonly mask?: string;
  readonly n?: number;
  readonly expand?: boolean;
  readonly sync?: boolean;
  readonly fit?: 'exact' | 'nearest';
  readonly outputFormat?: OutputFormat;
}

export const addModelFlags = (command: Command, byDefault = '"default" of the config, or seedream-4'): Command =>
  command
    .addOption(
      new Option('-m, --model <names>', 'name of the config, model id or provider:model; several make a route')
        .argParser(split)
        .default([], byDefault),
    )
    .addOption(
      new Option('-p, --provider <host>', 'the host (default: every host with a key)').choices(
        hosts.map(({ name }) => name),
      ),
    );

export const addResolutionFlag = (command: Command): Command =>
  command.option('-r, --resolution <name>', resolutionNames);

export const addSeedFlag = (command: Command): Command =>
  command.option('--seed <number>', 'the same seed draws the same picture', toWholeNumber);

/** How exactly, in which format, and whether what is not known is asked for. */
export const addOutcomeFlags = (command: Command): Command =>
  command
    .addOption(
      new Option('--fit <how>', 'refuse what a model cannot do exactly, or take the nearest').choices([
        'exact',
        'nearest',
      ]),
    )
    .addOption(
      new Option('--output-format <format>', 'where the model has a choice (default: what --out ends with)').choices([
        'png',
        'jpeg',
        'webp',
      ]),
    )
    .option('--unchecked', 'ask for models and fields that are not known, as they are');

/** What says how a picture is made; a row of a batch has the same as columns. */
export function addPictureFlags(command: Command): Command {
  addModelFlags(command)
    .option('-s, --size <WxH>', 'pixels, such as 2048x2048')
    .option('-a, --aspect-ratio <W:H>', 'such as 16:9');
  addSeedFlag(addResolutionFlag(command))
    .addOption(
      new Option('-i, --image <file-or-url>', 'reference picture; may be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--mask <file-or-url>', 'white where the first reference picture may change')
    .option('-n <count>', 'how many pictures', toWholeNumber)
    .option('--expand', 'let the host write a longer prompt')
    .option('--no-expand', 'send the prompt as it is')
    .option('--sync', 'ask the host to answer in one call where it can');
  return addOutcomeFlags(command);
}

export const addRequestFlags = (command: Command): Command =>
  addCallFlags(addPictureFlags(command.argument('<prompt>', 'what to draw; - reads it from stdin')));

export function addCallFlags(command: Command): Command {
  addSetFlag(command)
    .option('-o, --out <file-or-folder>', 'where the picture goes (default: this folder)')
    .option('--json', 'print one JSON object')
    .option('--timeout <time>', 'when the call times out: 90s, 2m, or milliseconds (default: 120s)', toTimeout)
    .option(
      '--intent <id>',
      'identifies the request (idempotency key): used again, it returns the same picture instead of paying again',
    )
    .option('--max-cost <amount>', 'refuse what costs more in all: 0.1usd, 10credits, or both with a comma', toMaxCost);
  return addConfigFlag(addLedgerFlag(command));
}

/** The neutral options of core. */
export async function toOptions(
  prompt: string,
  flags: RequestFlags,
  cwd: string,
): Promise<Omit<GenerateImageOptions, 'model'>> {
  return {
    prompt,
    ...imageOptions({ size: flags.size, aspectRatio: flags.aspectRatio, resolution: flags.resolution }),
    seed: flags.seed,
    images: await readReferences(flags.image, cwd),
    ...(flags.mask === undefined ? {} : { mask: await readReference(flags.mask, cwd, '--mask') }),
    ...(flags.unchecked ? { unchecked: true } : {}),
    n: flags.n,
    promptExpansion: flags.expand,
    sync: flags.sync,
    fit: flags.fit,
    outputFormat: flags.outputFormat,
    timeout: flags.timeout,
    intentId: flags.intent,
    maxCost: flags.maxCost,
  };
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const split = (value: string, before: readonly string[]): string[] => [
  ...before,
  ...value
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
];

export function toWholeNumber(text: string): number {
  if (/^-?\d+$/.test(text.trim())) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

export function toCount(text: string): number {
  const count = toWholeNumber(text);
  if (count >= 1) return count;
  throw new InvalidArgumentError('It must be 1 or more.');
}

export function toTimeout(text: string): number {
  const timeout = parseDuration(text);
  if (timeout === undefined || timeout <= 0) throw new InvalidArgumentError('It must be a time, such as 90s or 2m.');
  if (!isLikelySeconds(text)) return timeout;
  throw new InvalidArgumentError(`Plain numbers are milliseconds: write ${text}s for seconds, or ${text}ms.`);
}
