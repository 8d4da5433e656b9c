import { createHash } from 'node:crypto';

/**
 * Where the next page of a list begins.
 *
 * A cursor carries the place of the last row and a digest over it, the filters and the installation: one that was altered, cut
 * or taken to other filters is refused. The digest is no secret: a forged cursor could only begin the caller's own page elsewhere.
 */
export interface PagePlace {
  /** What the list is ordered by, without spaces. */
  readonly due: string;
  /** Tells those apart that are due at once. */
  readonly number: string;
}

const digestCharacters = 16;

const digestOf = (text: string, context: string): string =>
  createHash('sha256').update(`${context}\0${text}`).digest('base64url').slice(0, digestCharacters);

/** @param context whatever must be the same on every page */
export const writeCursor = ({ due, number }: PagePlace, context: string): string => {
  const text = Buffer.from(`${due} ${number}`).toString('base64url');
  return `${text}.${digestOf(text, context)}`;
};

/** @returns undefined for a cursor that was not written for this context */
export const readCursor = (cursor: string, context: string): PagePlace | undefined => {
  const [text = '', digest] = cursor.split('.', 2);
  if (cursor !== `${text}.${digestOf(text, context)}` || digest === undefined) return undefined;
  const [due, number] = Buffer.from(text, 'base64url').toString('utf8').split(' ', 2);
  return due && number ? { due, number } : undefined;
};
