import { readyAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { addConfigFlag } from '../config-flag.ts';
import { exitOf, type Finding, ok, toProblem } from '../doctor/finding.ts';
import { checkHosts } from '../doctor/hosts.ts';
import { checkLedger, checkNode } from '../doctor/machine.ts';
import { toFlags } from '../flag-words.ts';
import type { Io } from '../io.ts';
import { addLedgerFlag } from '../ledger/flag.ts';
import type { AddCommand } from '../program.ts';
import { print, printJson } from '../terminal/write.ts';

interface DoctorFlags {
  readonly json?: boolean;
  readonly config?: string;
  readonly ledger?: string;
}

export const addDoctor: AddCommand = (program, io, done) => {
  addConfigFlag(addLedgerFlag(program.command('doctor')))
    .description('check Node, config, keys, hosts, clock and ledger; asks each host with a key one free question')
    .option('--json', 'print one JSON object')
    .action(async (flags: DoctorFlags) => done(await examine(flags, io)));
};

async function examine({ json, config, ledger }: DoctorFlags, io: Io): Promise<number> {
  const findings = [checkNode(), ...(await checkAccounts(config, io)), ...(await checkLedger(ledger, io))];
  if (json) printJson(io, { findings });
  else for (const { check, state, says } of findings) print(io, `${state.padEnd(8)} ${check}: ${toFlags(says)}`);
  return exitOf(findings);
}

/** A config that cannot be used decides where keys go, so then no host is asked. */
async function checkAccounts(given: string | undefined, io: Io): Promise<Finding[]> {
  try {
    const config = await loadConfig(given, io);
    const accounts = readyAccounts(io, config);
    const read = config.source === undefined ? [] : [ok('config', `${config.source} can be read`)];
    return [
      ...read,
      ...Object.values(accounts.detours).map((words) => ok('config', words)),
      ...(await checkHosts(io, accounts)),
    ];
  } catch (error) {
    return [toProblem('config', error)];
  }
}
