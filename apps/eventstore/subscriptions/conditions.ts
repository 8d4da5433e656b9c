/** An expression that a text must match, or must not. */
export interface Condition {
  expression: string;
  wanted: boolean;
}

/**
 * Takes lookaheads at the front of an expression apart: `^(?!a)(?=b)c` holds where `^(?:c)` and `^(?:b)` match and
 * `^(?:a)` does not. So a caller may leave names out, and an engine that cannot look ahead does. Anything else is one
 * condition as it stands.
 */
export const conditionsOf = (source: string): Condition[] => {
  const whole = [{ expression: source, wanted: true }];
  const [front, flags = ''] = anchor.exec(source) ?? [];
  if (front === undefined) return whole;
  const conditions: Condition[] = [];
  const condition = (part: string, wanted: boolean): number =>
    conditions.push({ expression: `${flags}^(?:${part})`, wanted });
  let at = front.length;
  while (looksAhead(source, at)) {
    const end = endOfGroup(source, at);
    condition(source.slice(at + 3, end - 1), source[at + 2] === '=');
    at = end;
  }
  const rest = source.slice(at);
  if (conditions.length === 0 || at > source.length || repeated.test(rest) || hasAlternatives(rest)) return whole;
  condition(rest, true);
  return conditions;
};

// In the mode `m` the anchor holds at every line, and the parts would have to hold at the same one.
const anchor = /^(\(\?[is]+\))?\^/;
const repeated = /^[*+?{]/;
const looksAhead = (source: string, at: number): boolean => /^\(\?[=!]/.test(source.slice(at, at + 3));

/** Where the group that opens at `at` has been closed; behind the whole source when it never is. */
const endOfGroup = (source: string, at: number): number => {
  for (const { index, depth } of depths(source, at)) if (depth === 0) return index + 1;
  return source.length + 1;
};

const hasAlternatives = (source: string): boolean =>
  [...depths(source, 0)].some(({ index, depth }) => depth <= 0 && source[index] === '|');

/** Every character that is neither escaped nor in a class, with how many groups are open behind it. */
function* depths(source: string, from: number): Generator<{ index: number; depth: number }> {
  let depth = 0;
  for (const part of source.slice(from).matchAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|./gs)) {
    if (part[0] === '(') depth += 1;
    if (part[0] === ')') depth -= 1;
    if (part[0].length === 1) yield { index: from + part.index, depth };
  }
}
