import { checkImage, type GeneratedImage, generateImage, ImageError } from '@imageport/core';
import { type Accounts, keyVariables, openAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { planDestination } from '../destination.ts';
import { Interrupted, watchSignals } from '../interrupt.ts';
import { type Io, note } from '../io.ts';
import { followJobs } from '../open-jobs.ts';
import type { AddCommand } from '../program.ts';
import { showProgress } from '../progress.ts';
import { reportResult, type Saved } from '../report.ts';
import { reportError } from '../report-error.ts';
import { reportInterruption } from '../report-interruption.ts';
import { addRequestFlags, type RequestFlags, toOptions } from '../request-flags.ts';
import { chooseRoute, withKeys } from '../route.ts';
import { type SaveOptions, savePicture } from '../save.ts';

export const addGenerate: AddCommand = (program, io, done) => {
  addRequestFlags(program.command('generate'))
    .description('make a picture; its path is printed')
    .action(async (prompt: string, flags: RequestFlags) => done(await generate(prompt, flags, io)));
};

async function generate(prompt: string, flags: RequestFlags, io: Io): Promise<number> {
  const config = await loadConfig(flags.config, io.cwd);
  const accounts = await openAccounts(io, config);
  try {
    const { route, notes } = withKeys(chooseRoute({ models: flags.model, provider: flags.provider }, config, accounts), accounts);
    const options = { timeout: config.timeout, ...dropUndefined(await toOptions(prompt, flags, io.cwd)), model: route };
    checkImage(options);
    const n = flags.n ?? 1;
    const out = flags.out ?? (config.out && fromFolder(config.folder, config.out));
    const destination = await planDestination(out, io.cwd, n);
    for (const line of [...(accounts.emulated ? firstRun : []), ...accounts.detours, ...notes]) note(io, line);
    return await make(io, accounts, options, { destination, prompt, n }, flags.json ?? false);
  } finally {
    await accounts.close();
  }
}
