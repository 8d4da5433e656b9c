import { Problem } from '../../platform/http/problem';
import { PagePlace, readCursor } from './page-cursor';

/** @param context whatever must be the same on every page @throws Problem INVALID_CURSOR */
export const placeOf = (cursor: string | undefined, context: string): PagePlace | undefined => {
  if (cursor === undefined) return undefined;
  const place = readCursor(cursor, context);
  if (!place) throw new Problem('INVALID_CURSOR', 'Use nextCursor of a page with the same filters, unchanged.');
  return place;
};
