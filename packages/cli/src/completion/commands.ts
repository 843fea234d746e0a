import type { Command, Option } from 'commander';
import { catalogue, portableIds } from '../catalogue.ts';

/** A command as a completion knows it. */
export interface CommandWords {
  /** The words that lead to it: "jobs settle"; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  /** Commands below it, and words that an argument may be. */
  readonly words: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionWords[];
  /** Its argument is a file. */
  readonly takesFile: boolean;
}

export interface OptionWords {
  /** `-m`, `--model` or both. */
  readonly names: readonly string[];
  readonly description: string;
  /** What it takes: nothing, a file, or one of these words; no words: any text, for which nothing is offered. */
  readonly takes: 'nothing' | 'file' | readonly string[];
  /** Of models, which may be several with commas between them: each id behind its host. */
  readonly atHosts?: readonly string[];
}

/** The program and all its commands, as data. */
export const describeCommands = (program: Command): CommandWords[] => describe(program, []);

function describe(command: Command, path: readonly string[]): CommandWords[] {
  const named = command.commands.map((each) => ({ name: each.name(), description: each.description() }));
  const choices = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((name) => ({ name, description })),
  );
  const help = { names: ['-h', '--help'], description: 'print the help', takes: 'nothing' } as const;
  return [
    {
      path: path.join(' '),
      description: command.description(),
      words:
        path.length === 0
          ? [...named, { name: 'help', description: 'print the help of a command' }]
          : [...named, ...choices],
      options: [...command.options.map(toWords), help],
      takesFile: command.registeredArguments.some((argument) => /^(file|image)$/.test(argument.name())),
    },
    ...command.commands.flatMap((each) => describe(each, [...path, each.name()])),
  ];
}

function toWords({ flags, short, long, description, argChoices, required, optional, negate }: Option): OptionWords {
  const names = [short, long].filter((name) => name !== undefined);
  if (negate || !(required || optional)) return { names, description, takes: 'nothing' };
  if (long === '--model') {
    const listings = catalogue();
    const atHosts = listings.flatMap(({ provider, ids }) => ids.map((id) => `${provider}:${id}`));
    return { names, description, takes: portableIds(listings), atHosts: [...new Set(atHosts)].sort() };
  }
  return { names, description, takes: /file|folder/.test(flags) ? 'file' : (argChoices ?? []) };
}

/** A text as one word of a shell. */
export const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The options that take something, each once. */
export const takers = (commands: readonly CommandWords[]): OptionWords[] => [
  ...new Map(
    commands
      .flatMap(({ options }) => options.filter(({ takes }) => takes !== 'nothing'))
      .map((each) => [each.names.join('|'), each]),
  ).values(),
];

/** The words that lead to each command, as a pattern of `case`. */
export const paths = (commands: readonly CommandWords[]): string =>
  commands
    .filter(({ path }) => path !== '')
    .map(({ path }) => single(path))
    .join('|');

/** The same of commands whose argument is a file. */
export const filePaths = (commands: readonly CommandWords[]): string =>
  paths(commands.filter(({ takesFile }) => takesFile));
