import { Argument } from 'commander';
import { openCatalogue } from '../catalogue.ts';
import { describeCommands } from '../completion/commands.ts';
import { shells } from '../completion/shells.ts';
import type { AddCommand } from '../program.ts';
import { printScript } from '../terminal/write.ts';

const help = `
To load it in every new shell:
  bash   echo 'eval "$(imageport completion bash)"' >> ~/.bashrc
  zsh    echo 'eval "$(imageport completion zsh)"' >> ~/.zshrc    (after compinit)
  fish   imageport completion fish > ~/.config/fish/completions/imageport.fish`;

export const addCompletion: AddCommand = (program, io, done) => {
  program
    .command('completion')
    .description('print the script that completes commands, options and model ids in your shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(shells)))
    .addHelpText('after', help)
    .action(async (shell: string) => {
      await openCatalogue();
      printScript(io, shells[shell]?.(describeCommands(program)) ?? '');
      done(0);
    });
};
