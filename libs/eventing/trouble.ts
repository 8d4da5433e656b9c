/** What keeps a part from its work, in words that may be shown to everybody. */
export interface Trouble {
  readonly what: string;
  /** SQLSTATE, or the code of the system. */
  readonly code: string | null;
}

const words: readonly (readonly [RegExp, string])[] = [
  [/^53100$|^ENOSPC$/, 'no space is left on the disk'],
  [/^53200$/, 'the database is out of memory'],
  [/^53300$/, 'the database takes no more connections'],
  [/^53/, 'the database lacks something'],
  [/^57014$/, 'a statement took too long'],
  [/^57P0/, 'the database is shutting down or starting'],
  [/^25006$/, 'the database is read-only'],
  [/^25P03$|^57P05$/, 'this worker stood still and was cut off'],
  [/^(08|ECONN|EPIPE|ENOENT|ETIMEDOUT)/, 'the database cannot be reached'],
];

/** Collisions with others, after which the same statement may succeed. */
const passing = /^(40|55)/;

/** Whether something outside is in the way, so that the same may succeed later. */
export const isPassing = (error: unknown): boolean => {
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const { what, code } = troubleOf(error);
  return what !== unnamed || (code !== null && passing.test(code));
};

const unnamed = "it is recorded in the server's own log";

export const troubleOf = (error: unknown): Trouble => {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' ? code : null;
  const what = words.find(([pattern]) => known !== null && pattern.test(known))?.[1];
  if (what) return { what, code: known };
  if (/timeout exceeded|Query read timeout/.test(String(message)))
    return { what: 'the database does not answer in time', code: known };
  if (/connection/i.test(String(message))) return { what: 'the database cannot be reached', code: known };
  return { what: unnamed, code: known };
};
