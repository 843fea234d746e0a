import type { Command, CommanderError } from 'commander';
import { didYouMean } from './near.ts';
import { quote } from './words.ts';

/** What was probably meant by arguments that commander refused; undefined where nobody can tell. */
export function explainSlip(error: CommanderError, argv: readonly string[], program: Command): string | undefined {
  const { command, rest } = commandOf(argv, program);
  const dashed = rest.slice(0, endOfOptions(rest)).find(isProse);
  if (dashed !== undefined && takesPrompt(command))
    return `A prompt that begins with a dash goes after --: imageport ${command.name()} -- ${quote(dashed)}`;
  return explanations[error.code]?.(command, rest);
}

type Explain = (command: Command, rest: readonly string[]) => string | undefined;

const explanations: Readonly<Record<string, Explain>> = {
  'commander.excessArguments': (command, [first = '']) =>
    takesPrompt(command)
      ? `A prompt of several words needs quotes: imageport ${command.name()} "a lighthouse in fog"`
      : didYouMean(
          first,
          command.commands.map((each) => each.name()),
        ).trim() || undefined,
  'commander.unknownCommand': () => 'To make a picture: imageport generate "a lighthouse in fog"',
  'commander.missingArgument': (command) =>
    takesPrompt(command)
      ? `Give the prompt in quotes, or - to read it from stdin: imageport ${command.name()} "a lighthouse in fog"`
      : undefined,
};

/** The command that the arguments lead to, and those that are left for it. */
function commandOf(argv: readonly string[], program: Command): { command: Command; rest: readonly string[] } {
  const [first, ...rest] = argv;
  const next = program.commands.find((each) => each.name() === first);
  return next ? commandOf(rest, next) : { command: program, rest: argv };
}

const endOfOptions = (rest: readonly string[]): number => (rest.includes('--') ? rest.indexOf('--') : rest.length);

/** A dash and then words, or one word too long for letters that stand together: no option looks like that. */
const isProse = (word: string): boolean => /^-[^=]*\s/.test(word) || /^-[a-z]{3,}$/i.test(word);

const takesPrompt = (command: Command): boolean => command.registeredArguments[0]?.name() === 'prompt';
