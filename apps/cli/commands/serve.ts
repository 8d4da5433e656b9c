import { Command } from 'commander';

export const declareServe = (program: Command): void => {
  program
    .command('serve')
    .description('start the server, as npm start does')
    .action(async () => {
      // Only here is the whole server loaded: the other commands stay quick.
      await import('../../server/main');
    });
};
