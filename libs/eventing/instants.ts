/** RFC 3339 in UTC with milliseconds, as every instant in the log is written. */
const shape = /^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
// What not every month has, and not every February.
const dayToLookUp = /^.{5}(02-(29|3)|(0[469]|11)-31)/;

/** Whether it is an instant as we write them, of a day that exists: whatever reads it later, reads the same. */
export const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && shape.test(value) && (!dayToLookUp.test(value) || isDay(value));

const isDay = (instant: string): boolean => new Date(instant).toJSON() === instant;

/**
 * Whether an instant lies in the years 1900 to 2199: a fact of another year is a slip of the pen, and no calendar counts its time.
 * @param instant as we write them
 */
export const isOfOurTime = (instant: string): boolean => instant >= '1900' && instant < '2200';
