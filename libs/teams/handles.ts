import { v5 as uuidv5 } from 'uuid';
import { Rejection } from '../eventing/rejection';

/** What a handle may look like: short, lower case, safe in a URL. */
export const handlePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** @throws Rejection INVALID_HANDLE */
export const assertHandle = (handle: string): string => {
  if (handlePattern.test(handle) && !isId(handle)) return handle;
  throw new Rejection(
    'INVALID_HANDLE',
    'a handle has up to 63 lower-case letters, digits, dots, dashes and underscores, and is no id',
  );
};

export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

/**
 * Id that belongs to a handle. The same handle always gives the same id, so that registering somebody twice finds them
 * the second time without any table of handles.
 */
export const idOfHandle = (installation: string, category: string, handle: string): string =>
  uuidv5(`${category}\0${handle}`, installation);
