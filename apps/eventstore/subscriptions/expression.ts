import { createContext, Script } from 'node:vm';
import { RE2JS } from 're2js';
import { Status, StatusError } from '../grpc/status';
import { Allowance } from './allowance';
import { conditionsOf } from './conditions';

/**
 * The regular expressions of filters come from callers, and the server has one thread: no expression may hold it up.
 *
 * What RE2 can read is matched by RE2, in time proportional to the text whatever the expression; so are lookaheads at
 * the front, which leave out what a caller does not want. What else it can not read, as other lookaheads and back
 * references, goes to JavaScript's engine under a watchdog that interrupts it. Both together may use a small share of
 * the time; a filter that needs more is refused with its call.
 */
export interface Expression {
  /** @throws StatusError when it takes too long */
  test(text: string): boolean;
}

const unrolledCharactersMax = 50_000;
/** Steps of the compiled expression; each character of a text may visit all of them. */
const programStepsMax = 2_000;
const groupProgramStepsMax = 400;
const testMsMax = 20;

/** For one call. @param msMax what one test may take @throws StatusError when it cannot be read, or is too large */
export const compileExpression = (source: string, msMax = testMsMax): Expression => {
  const body = read(source);
  return withAllowance(linear(body, programStepsMax) ?? watched(body, msMax));
};

/** For a group, which has no call that could be refused later: only what is fast on every text. @throws the same */
export const compileSteadyExpression = (source: string): Expression => {
  const body = read(source);
  const test = linear(body, groupProgramStepsMax);
  if (test) return { test };
  backtracking(body);
  throw tooMuch('looks around or back, which a persistent subscription cannot afford');
};

const read = (source: string): string => {
  if (unrolledLength(source) > unrolledCharactersMax) throw tooMuch('is too long or repeats too much');
  return translated(source);
};

const tooMuch = (what: string): StatusError =>
  new StatusError(Status.resourceExhausted, `the regular expression of the filter ${what}`);

// RE2 unrolls counted repeats before it can be asked how large it has become, and nests them a thousand times at most.
const repeatedMax = 1_000;
const unrolledLength = (source: string): number => {
  let repeated = 1;
  for (const [, least, most] of source.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    repeated *= Math.max(1, Number(least), Number(most ?? 0));
  return source.length * Math.min(repeated, repeatedMax);
};

/** .NET's anchors as everybody else's. */
const translated = (source: string): string =>
  source.replace(/\\([AzZ])|\\./gs, (part, anchor: string | undefined) =>
    anchor ? (anchor === 'A' ? '^' : '$') : part,
  );

type Test = (text: string) => boolean;

const linear = (source: string, stepsMax: number): Test | undefined => {
  const conditions = conditionsOf(source);
  const compiled: { expression: RE2JS; wanted: boolean }[] = [];
  try {
    for (const { expression, wanted } of conditions) compiled.push({ expression: RE2JS.compile(expression), wanted });
  } catch {
    return undefined;
  }
  const steps = compiled.reduce((sum, { expression }) => sum + expression.programSize(), 0);
  if (steps > stepsMax) throw tooMuch('repeats too much');
  return (text) => compiled.every(({ expression, wanted }) => expression.test(text) === wanted);
};

const leadingFlags = /^\(\?([ims]+)\)/;

const backtracking = (source: string): RegExp => {
  const [prefix = '', flags = ''] = leadingFlags.exec(source) ?? [];
  for (const mode of ['u', '']) {
    try {
      return new RegExp(source.slice(prefix.length), flags + mode);
    } catch {
      // Without the Unicode mode JavaScript forgives escapes that .NET forgives too.
    }
  }
  throw new StatusError(Status.unknown, 'the regular expression of the filter cannot be read');
};

interface Room {
  expression: RegExp;
  text: string;
}

const room: Room = { expression: /^/, text: '' };
createContext(room);
const match = new Script('expression.test(text)');
const answersMax = 10_000;

const watched = (source: string, msMax: number): Test => {
  const expression = backtracking(source);
  // Setting the watchdog up is most of the work, and the same names come again and again.
  const answers = new Map<string, boolean>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    room.expression = expression;
    room.text = text;
    try {
      const matches = Boolean(match.runInContext(room, { timeout: msMax }));
      if (answers.size >= answersMax) answers.clear();
      answers.set(text, matches);
      return matches;
    } catch {
      throw tooMuch(`needs more than ${msMax} ms for a name`);
    }
  };
};

const withAllowance = (test: Test): Expression => {
  const allowance = new Allowance(performance.now());
  return {
    test: (text) => {
      const began = performance.now();
      const matches = test(text);
      if (!allowance.covers(began, performance.now())) throw tooMuch('takes too much of the time of the server');
      return matches;
    },
  };
};
