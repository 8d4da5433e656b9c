/** What was found out, or the refusal, to be told later: a retry answers as the first time, whatever would be found out today. */
export const settled = <T>(found: Promise<T>): Promise<() => T> =>
  found.then(
    (known) => () => known,
    (refusal: unknown) => () => {
      throw refusal;
    },
  );
