import { makePlan } from '../plan.ts';
import { addProduceFlags, type ProduceFlags, produce } from '../produce.ts';
import type { AddCommand } from '../program.ts';
import { readPrompt } from '../prompt.ts';
import { listen } from '../quiet-flag.ts';
import { addRequestFlags, type RequestFlags } from '../request-flags.ts';

export const addGenerate: AddCommand = (program, io, done) => {
  addProduceFlags(addRequestFlags(program.command('generate')))
    .description('make a picture; its path is printed')
    .action(async (given: string, flags: RequestFlags & ProduceFlags) => {
      const prompt = await readPrompt(given, io);
      done(await produce(flags, listen(io, flags), (setting) => makePlan(prompt, flags, setting)));
    });
};
