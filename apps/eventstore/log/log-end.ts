import { DamagedFile } from './page-file';

/** Where the next record and the next stream go. */
export interface LogEnd {
  nextPosition: number;
  nextStreamId: number;
  lastCreatedMs: number;
  /** How many records the log has; a part of it that went missing shows by this. */
  records: number;
}

const firstPosition = 64;

/** The end of a log without a record. */
export const emptyLog: Readonly<LogEnd> = {
  nextPosition: firstPosition,
  nextStreamId: 1,
  lastCreatedMs: 0,
  records: 0,
};

/** @throws DamagedFile when the text is there and is none */
export const parseEnd = (text: string | undefined): LogEnd => {
  if (text === undefined) return { ...emptyLog };
  const fields = parsed(text);
  const field = (name: keyof LogEnd): number => {
    const value: unknown = Reflect.get(fields, name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw new DamagedFile(`the recorded end of the log lacks ${name}`);
  };
  return {
    nextPosition: field('nextPosition'),
    nextStreamId: field('nextStreamId'),
    lastCreatedMs: field('lastCreatedMs'),
    records: field('records'),
  };
};

const parsed = (text: string): object => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new DamagedFile('the recorded end of the log is unreadable');
};
