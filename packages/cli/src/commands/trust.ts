import { configName, readConfig } from '../config.ts';
import { addressesOf } from '../config-addresses.ts';
import type { Io } from '../io.ts';
import type { AddCommand } from '../program.ts';
import { note, print } from '../terminal/write.ts';
import { forgetTrust, rememberTrust } from '../trust.ts';
import { usage } from '../usage.ts';

export const addTrust: AddCommand = (program, io, done) => {
  program
    .command('trust')
    .description('let a config decide where your keys are sent: this file, with its content of now')
    .argument('[file]', 'the config', configName)
    .option('--revoke', 'take that back')
    .action(async (name: string, flags: { revoke?: boolean }) => done(await trust(name, flags.revoke ?? false, io)));
};

async function trust(name: string, revoke: boolean, io: Io): Promise<number> {
  const file = await readConfig(name, io.cwd);
  if (!file) throw usage(`${name}: there is no such config; give its path`);
  if (revoke) {
    await forgetTrust(file, io);
    note(io, `${name} is not trusted any more.`);
    return 0;
  }
  const addresses = addressesOf(file.config);
  if (addresses.length === 0) {
    note(io, `${name} names no address but the hosts' own, so there is nothing to trust.`);
    return 0;
  }
  await rememberTrust(file, io);
  for (const { provider, url } of addresses) print(io, `${provider} is asked at ${url}, with your key`);
  note(io, `${name} is trusted until it changes; imageport trust --revoke takes that back.`);
  return 0;
}
