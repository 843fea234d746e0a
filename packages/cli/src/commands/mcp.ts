import { InvalidArgumentError, Option } from 'commander';
import { addConfigFlag } from '../config-flag.ts';
import { parseDuration } from '../duration.ts';
import { addLedgerFlag } from '../ledger/flag.ts';
import { toMaxCost } from '../max-cost.ts';
import { toBudget } from '../mcp/budget.ts';
import type { McpFlags } from '../mcp/run.ts';
import { toPort } from '../port.ts';
import type { AddCommand } from '../program.ts';
import { addQuietFlag, listen } from '../quiet-flag.ts';

const help = `
Clients such as Claude and Cursor start it themselves; docs/mcp.md has their settings. Jobs are recorded, so that a
server that was killed goes on with them. With --http and IMAGEPORT_MCP_KEY set, callers need that key.`;

export const addMcp: AddCommand = (program, io, done) => {
  const command = program
    .command('mcp')
    .description('serve images as tools to MCP clients, over its own streams or over HTTP; needs @imageport/mcp')
    .addOption(
      new Option('--http <port>', 'serve at this port of this machine instead; 0 is a free one').argParser(toPort),
    )
    .addOption(
      new Option(
        '-m, --model <names...>',
        'what callers may choose from; the first is used when they choose none',
      ).default([], 'the names of the config, or seedream-4'),
    )
    .option('-o, --out <folder>', 'where pictures are saved (default: imageport-pictures in your home folder)')
    .option('--files <folder>', 'pictures of this folder may be edited by name (default: no file is read)')
    .option('--budget <amount>', 'what may be spent, such as 2usd/day or 50usd,100credits/month', toBudget)
    .option('--confirm-above <amount>', 'ask the user before a call that may cost more, such as 0.05usd', toMaxCost)
    .option('--wait <time>', 'when a call answers that it goes on (default: 45s; clients give up at 60s)', toWait)
    .option('--inline', 'small pictures stand in the answers too')
    .option('--emulate', 'without any API key, draw on this machine instead of ending with an error')
    .addHelpText('after', help);
  addConfigFlag(addLedgerFlag(addQuietFlag(command))).action(async (flags: McpFlags) => {
    // Only now, because no other command serves anything.
    const { runMcp } = await import('../mcp/run.ts');
    done(await runMcp(flags, listen(io, flags)));
  });
};

function toWait(text: string): number {
  const time = parseDuration(text);
  if (time !== undefined && time >= 1000) return time;
  throw new InvalidArgumentError('It must be a time of 1s or more, such as 45s.');
}
