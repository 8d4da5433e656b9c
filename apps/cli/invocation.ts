/** One call of the command line: what it is given and where it answers. */
export interface Terminal {
  /** Results; the only thing on standard output. */
  out(text: string): void;
  /** Progress and remarks; standard error. */
  note(text: string): void;
  /** Whether somebody watches the remarks as they come. */
  readonly isWatched: boolean;
}

export interface Invocation {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C: stop soon, and say how far it went. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** What a script reads: one JSON value with a line's end. */
export const printJson = ({ terminal }: Invocation, value: unknown): void => terminal.out(`${JSON.stringify(value)}\n`);

/** What others may have written, on one line and without signs that a terminal obeys. */
export const plainly = (text: string): string => text.replaceAll(/\p{Cc}/gu, '\uFFFD');

export const printLine = ({ terminal }: Invocation, line: string): void => terminal.out(`${line}\n`);

export const remark = ({ terminal }: Invocation, line: string): void => terminal.note(`${line}\n`);
