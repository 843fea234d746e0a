import type { Command } from 'commander';

export const addConfigFlag = (command: Command): Command =>
  command.option(
    '-c, --config <file>',
    'the config; its addresses are used (default: imageport.config.json, where there is one and `imageport trust` was said)',
  );
