import { readFileSync } from 'node:fs';
import { errorTraits } from '@imageport/core';
import { Command } from 'commander';
import { addBatch } from './commands/batch.ts';
import { addCheck } from './commands/check.ts';
import { addCompletion } from './commands/completion.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEmulate } from './commands/emulate.ts';
import { addGateway } from './commands/gateway.ts';
import { addGenerate } from './commands/generate.ts';
import { addJobs } from './commands/jobs.ts';
import { addMcp } from './commands/mcp.ts';
import { addModels } from './commands/models.ts';
import { addResume } from './commands/resume.ts';
import { addTrust } from './commands/trust.ts';
import { addCutOut, addUpscale } from './commands/verbs.ts';
import type { Io } from './io.ts';
import { noteHelp, printHelp, widthOf } from './terminal/write.ts';
import { usage } from './usage.ts';

/** Adds one command to the program; `done` takes its exit code. */
export type AddCommand = (program: Command, io: Io, done: (exitCode: number) => void) => void;

const commands: readonly AddCommand[] = [
  ...[addGenerate, addUpscale, addCutOut, addBatch, addCheck, addModels, addJobs, addResume, addTrust],
  ...[addGateway, addMcp, addEmulate, addDoctor, addCompletion],
];

/** The error table by exit code: "2 invalid_request unsupported not_found, 3 …". */
function exitCodes(): string {
  const byExit = new Map<number, string>();
  for (const [code, { exit }] of Object.entries(errorTraits)) byExit.set(exit, `${byExit.get(exit) ?? exit} ${code}`);
  return [...byExit.values()].join(', ');
}

const examples = `
Examples:
  imageport generate "a lighthouse in fog at dawn"
  imageport generate "a lighthouse in fog" --model seedream-4.5 --size 2048x2048 --out hero.png
  imageport generate "the same in winter" --image hero.png -n 4 --out pictures/
  echo "a lighthouse in fog" | imageport generate -
  imageport upscale hero.png --resolution 4K --out hero-4k.png
  imageport cut-out hero.png
  imageport batch prompts.csv --out pictures/
  imageport check "a lighthouse in fog" --aspect-ratio 16:9
  imageport models
  imageport jobs
  imageport resume --out pictures/
  imageport gateway --port 4000
  imageport mcp --budget 2usd/day
  imageport doctor

Keys are read from WAVESPEED_API_KEY and APIFRAME_API_KEY. Without any key pictures are drawn locally.

Exit codes: 0 done, ${exitCodes()}, 130 interrupted.`;

export function createProgram(io: Io, done: (exitCode: number) => void): Command {
  const program = new Command('imageport')
    .description('Generates images on several hosts. Never pays twice silently, and says what was spent.')
    .version(readVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', examples)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => printHelp(io, text),
      writeErr: (text) => noteHelp(io, text),
      getOutHelpWidth: () => widthOf(io),
      getErrHelpWidth: () => widthOf(io),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const add of commands) add(program, io, done);
  pointToHelp(program, 'imageport');
  return program.hook('preAction', (_, command) => refuseBlank(command));
}

/** Whoever mistypes an option is sent to the help of that very command. */
function pointToHelp(command: Command, path: string): void {
  const what = command.commands.length > 0 ? 'commands and options' : 'options';
  command.showHelpAfterError(`(${path} --help lists its ${what})`);
  for (const each of command.commands) pointToHelp(each, `${path} ${each.name()}`);
}

/** An empty value is a variable of a shell that was not set: what it would have said is not guessed. */
function refuseBlank(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli') continue;
    const values: readonly unknown[] = [command.opts()[name]].flat();
    if (values.length === 0 || values.some((value) => typeof value === 'string' && value.trim() === '')) {
      throw usage(`${option.long} is empty; give it a value or leave it out`);
    }
  }
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
