/** Events put together by their streams, in which they stay in their order; streams in the order in which they appear. */
export const byStream = <E extends { readonly stream: string }>(
  events: readonly E[],
): ReadonlyMap<string, readonly E[]> => {
  const streams = new Map<string, E[]>();
  for (const event of events) {
    const known = streams.get(event.stream);
    if (known) known.push(event);
    else streams.set(event.stream, [event]);
  }
  return streams;
};
