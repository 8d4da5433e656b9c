/** What the command line asks for. */
export interface Options {
  readonly json: boolean;
  /** Names of rows; undefined: all of them. */
  readonly only: readonly string[] | undefined;
  readonly cases: number;
  /** Without haste: a million cases may take as long as they take. */
  readonly full: boolean;
}

export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

export const usage = 'npm run bench -- [--json] [--only NAME,…] [--full | --quick]';

const casesUsual = 100_000;
const casesFull = 1_000_000;
const casesQuick = 5_000;

/** @throws WrongUsage */
export const parseOptions = (args: readonly string[], known: readonly string[]): Options => {
  const flags = new Set<string>();
  let only: readonly string[] | undefined;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (['--json', '--full', '--quick'].includes(arg)) flags.add(arg);
    else if (arg === '--only') only = namesIn(args[++index], known);
    else if (arg.startsWith('--only=')) only = namesIn(arg.slice('--only='.length), known);
    else throw new WrongUsage(`${arg} is not known`);
  }
  const full = flags.has('--full');
  if (full && flags.has('--quick')) throw new WrongUsage('choose one of --full and --quick');
  const cases = full ? casesFull : flags.has('--quick') ? casesQuick : casesUsual;
  return { json: flags.has('--json'), only, cases, full };
};

const namesIn = (text: string | undefined, known: readonly string[]): readonly string[] => {
  const names = (text ?? '').split(',').filter(Boolean);
  if (!names.length) throw new WrongUsage('--only needs names of rows');
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new WrongUsage(`there is no row ${wrong}; there are ${known.join(' ')}`);
  return names;
};
