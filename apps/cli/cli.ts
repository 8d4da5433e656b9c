import { Command } from 'commander';
import { Ending, endingOf, exitCodes } from './failures';
import { Invocation, remark } from './invocation';

/** Adds one command to the program. */
export type Declare = (program: Command, invocation: Invocation) => void;

/** Each command is loaded only when it is called or explained, so that `token` does not wait for what `import` needs. */
const commands: Readonly<Record<string, () => Promise<Declare>>> = {
  serve: async () => (await import('./commands/serve')).declareServe,
  token: async () => (await import('./commands/token')).declareToken,
  import: async () => (await import('./commands/import')).declareImport,
  replay: async () => (await import('./commands/replay')).declareReplay,
  explain: async () => (await import('./commands/explain')).declareExplain,
  verify: async () => (await import('./commands/verify')).declareVerify,
  audit: async () => (await import('./commands/audit')).declareAudit,
  rebuild: async () => (await import('./commands/rebuild')).declareRebuild,
  projections: async () => (await import('./commands/projections')).declareProjections,
  backtest: async () => (await import('./commands/backtest')).declareBacktest,
  erase: async () => (await import('./commands/erase')).declareErase,
  redact: async () => (await import('./commands/redact')).declareRedact,
  export: async () => (await import('./commands/export')).declareExport,
  reporting: async () => (await import('./commands/reporting')).declareReporting,
  routing: async () => (await import('./commands/routing')).declareRouting,
  config: async () => (await import('./commands/config')).declareConfig,
  search: async () => (await import('./commands/search')).declareSearch,
  keys: async () => (await import('./commands/keys')).declareKeys,
};

const about =
  "Casefold's command line, for operators and auditors. " +
  'It works beside a running server on the same data directory (CASEFOLD_DATA), or starts the stores for itself.';

const endings = `
Exit codes: 0 done, 1 refused or not proved, 2 wrong usage, 3 unavailable, 130 interrupted.
Results go to standard output, progress and remarks to standard error.`;

const programOf = async (args: readonly string[], invocation: Invocation): Promise<Command> => {
  const { terminal } = invocation;
  const program = new Command('casefold')
    .description(about)
    .addHelpText('after', endings)
    .exitOverride()
    .showHelpAfterError('(--help explains)')
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.note(text) });
  const asked = commands[args[0] ?? ''];
  const loaded = asked ? [await asked()] : await Promise.all(Object.values(commands).map((load) => load()));
  for (const declare of loaded) declare(program, invocation);
  return program;
};

const settle = async (work: () => Promise<unknown>): Promise<Ending> => {
  try {
    await work();
    return { exitCode: exitCodes.done };
  } catch (error) {
    return endingOf(error);
  }
};

/** Runs one command. @param args without node and script @returns the exit code; never throws */
export const runCommandLine = async (args: readonly string[], invocation: Invocation): Promise<number> => {
  const { exitCode, message } = await settle(async () => {
    const program = await programOf(args, invocation);
    await program.parseAsync(args, { from: 'user' });
  });
  if (message !== undefined) remark(invocation, `casefold: ${message}`);
  return exitCode;
};
