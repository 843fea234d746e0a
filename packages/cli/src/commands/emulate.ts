import type { Emulator } from '@imageport/emulator';
import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../duration.ts';
import { firstSignal } from '../first-signal.ts';
import { hosts } from '../hosts.ts';
import type { Io } from '../io.ts';
import { loadEmulator } from '../load-emulator.ts';
import { portProblem, toPort } from '../port.ts';
import type { AddCommand } from '../program.ts';
import { note, print, printKey } from '../terminal/write.ts';
import { showAmount } from '../words.ts';

interface EmulateFlags {
  readonly port: number;
  readonly generationTime?: number;
  readonly caption?: boolean;
  readonly webhookPort?: readonly number[];
}

export const addEmulate: AddCommand = (program, io, done) => {
  program
    .command('emulate')
    .description('run both hosts on this machine: real pictures, counted charges, no money')
    .addOption(new Option('--port <number>', 'the port').argParser(toPort).default(0, 'a free one'))
    .option('--generation-time <time>', 'how long a picture takes, such as 2s (default: 300ms)', toTime)
    .option('--caption', 'pictures carry the words of their prompt')
    .option('--webhook-port <number>', 'a port of this machine that webhooks are sent to; can be given again', addPort)
    .action(async (flags: EmulateFlags) => done(await emulate(flags, io)));
};

async function emulate(flags: EmulateFlags, io: Io): Promise<number> {
  const { port, generationTime, caption = false, webhookPort: ports = [] } = flags;
  const { createEmulator } = await loadEmulator('');
  const emulator = createEmulator({
    ...{ caption, webhookDelivery: { ports } },
    ...(generationTime === undefined ? {} : { generationTime: { fixed: generationTime } }),
  });
  const { url } = await emulator.listen(port).catch((error: NodeJS.ErrnoException) => {
    throw portProblem(port, error);
  });
  note(io, `Both hosts are emulated at ${url}. No model makes these pictures, and nothing costs money.`);
  note(io, 'A browser shows its jobs and pictures there. In another terminal:');
  note(io, '');
  for (const { name, adapter } of hosts) {
    print(io, `export ${adapter.env.baseUrl}=${emulator[name].baseUrl}`);
    printKey(io, `export ${adapter.env.apiKey}=${emulator[name].apiKey}`);
  }
  note(io, '');
  note(io, 'Ctrl-C ends it.');
  await firstSignal(io);
  const charges = summarise(emulator);
  await emulator.close();
  for (const line of charges) note(io, line);
  return 0;
}

/** What the jobs would have cost. */
function summarise(emulator: Emulator): string[] {
  const charges = emulator.charges();
  if (charges.length === 0) return ['', 'No job was accepted.'];
  return [
    '',
    `${charges.length} ${charges.length === 1 ? 'job was' : 'jobs were'} accepted. At the real hosts they would have cost:`,
    ...hosts.flatMap(({ name }) => {
      const own = charges.filter(({ host, refunded }) => host === name && !refunded);
      const [first] = own;
      const sum = own.reduce((total, { amount }) => total + amount, 0);
      return first ? [`  ${name}: ${showAmount(Math.round(sum * 1e6) / 1e6, first.currency)} for ${own.length}`] : [];
    }),
  ];
}

const addPort = (text: string, ports: readonly number[] = []): number[] => [...ports, toPort(text)];

function toTime(text: string): number {
  const time = parseDuration(text);
  if (time !== undefined) return time;
  throw new InvalidArgumentError('It must be a time, such as 2s or 300ms.');
}
