import { type Cost, checkImage, errorTraits, type ImageCheck } from '@imageport/core';
import { type Accounts, describeAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { configToJson, describeConfig } from '../describe-config.ts';
import { toFlags } from '../flag-words.ts';
import { formatOf, inFormat } from '../format-of-name.ts';
import type { Io } from '../io.ts';
import { makePlan } from '../plan.ts';
import type { AddCommand } from '../program.ts';
import { readPrompt } from '../prompt.ts';
import { addRequestFlags, type RequestFlags } from '../request-flags.ts';
import { note, print, printJson } from '../terminal/write.ts';
import { describeCost } from '../words.ts';

export const addCheck: AddCommand = (program, io, done) => {
  addRequestFlags(program.command('check'))
    .description('what every model would do with a request, and for how much; sends and spends nothing')
    .action(async (prompt: string, flags: RequestFlags) => done(await check(prompt, flags, io)));
};

async function check(given: string, flags: RequestFlags, io: Io): Promise<number> {
  const prompt = await readPrompt(given, io);
  const config = await loadConfig(flags.config, io);
  const accounts = describeAccounts(io, config);
  const { route, options, out } = await makePlan(prompt, flags, { config, accounts, io });
  const format = flags.outputFormat ? undefined : formatOf(out);
  const checks = await checkImage({ ...options, model: inFormat(route, format, { images: flags.image }) });
  const emulated = accounts.usable.length === 0;
  if (flags.json) printJson(io, { emulated, checks: checks.map(toJson), config: configToJson(config) });
  else for (const each of checks) for (const line of describe(each, accounts, flags)) print(io, line);
  if (!flags.json) for (const line of describeConfig(config)) print(io, line);
  if (emulated) note(io, `Without a key, imageport generate draws this locally, for nothing.`);
  const [first] = checks;
  if (checks.some((each) => each.verdict !== 'refused' && !isOver(each.price, flags))) return 0;
  return errorTraits[first?.error?.code ?? 'unsupported'].exit;
}

/** Whether all pictures together cost more than `--max-cost`, or nobody knows. */
function isOver(price: Cost, { maxCost, n = 1 }: Pick<RequestFlags, 'maxCost' | 'n'>): boolean {
  if (maxCost === undefined) return false;
  return price.source === 'unknown' || price.amount * n > (maxCost[price.currency] ?? 0) + 1e-9;
}

function describe(each: ImageCheck, { addresses }: Accounts, flags: RequestFlags): string[] {
  const { n = 1 } = flags;
  const { provider, modelId, verdict, price, request, adaptations, warnings, error } = each;
  const name = `${provider}:${modelId}`;
  if (error) return [`${name}  refused`, `  ${toFlags(error.message)}`];
  const times = n > 1 ? ` each, ${n} pictures` : '';
  return [
    `${name}  ${verdict}, ${describeCost(price)}${times}`,
    ...adaptations.map(({ option, asked, sent, reason }) =>
      toFlags(`  \`${option}\` ${asked} ${sent ? `becomes ${sent}` : 'is left out'}: ${reason}`),
    ),
    ...(isOver(price, flags) ? ['  more than --max-cost, so that imageport generate refuses it'] : []),
    ...warnings.map((warning) => `  warning: ${toFlags(warning)}`),
    `  ${request?.method} ${addresses[provider] ?? ''}${request?.path}`,
    `  ${JSON.stringify(request?.body, shorten)}`,
  ];
}

const longest = 80;

/** A picture as a data URL would fill the screen. */
const shorten = (_: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith('data:') && value.length > longest
    ? `${value.slice(0, longest)}… (${value.length} characters)`
    : value;

const toJson = ({ error, ...rest }: ImageCheck): object => ({ ...rest, ...(error ? { error: error.toJSON() } : {}) });
