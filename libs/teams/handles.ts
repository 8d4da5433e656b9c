import { v5 as uuidv5 } from 'uuid';

/** What a handle may look like: short, lower case, safe in a URL. */
export const handlePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

/**
 * Id that belongs to a handle. The same handle always gives the same id, so that registering somebody twice finds them
 * the second time without any table of handles.
 */
export const idOfHandle = (installation: string, category: string, handle: string): string =>
  uuidv5(`${category}\0${handle}`, installation);
