import { Option } from 'commander';
import { addConfigFlag } from '../config-flag.ts';
import type { GatewayFlags } from '../gateway/run.ts';
import { addLedgerFlag } from '../ledger/flag.ts';
import { toPort } from '../port.ts';
import type { AddCommand } from '../program.ts';
import { addQuietFlag, listen } from '../quiet-flag.ts';

const help = `
Clients are given http://127.0.0.1:4000/v1 as base URL. What they may ask for are the names under "models" of the
config, or seedream-4 where there is none; "gateway" of the config has the other settings. Jobs are recorded, so that
a gateway that was killed goes on with them.

Keys for --keys are made by \`imageport gateway new-key <id>\`, and only their hashes stand in that file.`;

export const addGateway: AddCommand = (program, io, done) => {
  const command = program
    .command('gateway')
    .description('serve an OpenAI-compatible image endpoint, for apps and SDKs that know nothing else')
    .enablePositionalOptions()
    .addOption(new Option('--port <number>', 'the port; 0 is a free one').argParser(toPort).default(4000))
    .option('--host <address>', 'where it listens; other machines reach it only with --keys', '127.0.0.1')
    .option('--keys <file>', 'who may ask, and for how much; without it everybody on this machine')
    .option('--no-emulate', 'end with an error where there is no key of a host, instead of drawing locally')
    .option('--caption', 'what is drawn locally carries the words of the prompt')
    .addHelpText('after', help);
  addConfigFlag(addLedgerFlag(addQuietFlag(command))).action(async (flags: GatewayFlags) => {
    // Only now, because no other command serves anything.
    const { runGateway } = await import('../gateway/run.ts');
    done(await runGateway(flags, listen(io, flags)));
  });
  command
    .command('new-key')
    .argument('<id>', 'whose key it is: letters, digits and . _ - @')
    .description('print a new key once, and the entry for the file of --keys')
    .action(async (id: string) => {
      const { showNewKey } = await import('../gateway/show-new-key.ts');
      done(showNewKey(id, io));
    });
};
