type Lists<K extends string> = Readonly<Partial<Record<K, readonly string[]>>>;

/**
 * By what of the facts every given list is met: `priority=P1 type=incident`, or `everything`; null when one is not.
 * @param asked pairs of a list of the match, such as `types`, and the fact that it must hold, such as `type`
 */
export const matchedBy = <M extends string, F extends string>(
  asked: readonly (readonly [M, F])[],
  match: Lists<M>,
  facts: Readonly<Record<F, string | null>>,
): string | null => {
  const conditions = asked.filter(([list]) => match[list] !== undefined);
  const fits = conditions.every(([list, fact]) => match[list]?.some((value) => value === facts[fact]));
  if (!fits) return null;
  return conditions.map(([, fact]) => `${fact}=${facts[fact]}`).join(' ') || 'everything';
};
