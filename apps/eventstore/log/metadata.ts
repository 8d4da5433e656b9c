/**
 * Stream metadata as the server understands it. The text is kept as it was written; this reads the few fields the
 * server acts on, strictly: one of them malformed, and all of it counts as absent.
 */
export interface StreamMetadata {
  maxCount?: number;
  maxAgeMs?: number;
  /** The first revision that is shown; 2^63-1 marks a soft-deleted stream. */
  truncateBefore?: number;
}

const int64Max = (1n << 63n) - 1n;
const int64Min = -(1n << 63n);
/** What 2^63-1 rounds to as a number. */
export const softDeletedAt = 2 ** 63;
const largestRevision = 2 ** 62;
const integer = /^-?\d+$/;

/** Member texts of a JSON object's top level, by name; undefined when the text is no JSON object. */
export const topLevelMembers = (text: string): Map<string, { start: number; end: number }> | undefined => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  return scanMembers(text);
};

// The text is valid JSON by now, so the scan only has to find where members begin and end. JSON.parse alone would round
// integers beyond 2^53, and 2^63-1 has a meaning here.
const scanMembers = (text: string): Map<string, { start: number; end: number }> => {
  const members = new Map<string, { start: number; end: number }>();
  let depth = 0;
  let name: string | undefined;
  let start = 0;
  const close = (end: number): void => {
    if (name !== undefined) members.set(name, trimmed(text, start, end));
    name = undefined;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      const end = stringEnd(text, at);
      if (depth === 1 && name === undefined) {
        name = String(JSON.parse(text.slice(at, end)));
        start = text.indexOf(':', end) + 1;
        at = start - 1;
      } else at = end - 1;
    } else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) close(at);
    } else if (character === ',' && depth === 1) close(at);
  }
  return members;
};

const stringEnd = (text: string, at: number): number => {
  let end = at + 1;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
};

const trimmed = (text: string, start: number, end: number): { start: number; end: number } => {
  const value = text.slice(start, end);
  return { start: start + value.length - value.trimStart().length, end: end - (value.length - value.trimEnd().length) };
};

export const parseMetadata = (text: string): StreamMetadata => {
  const members = topLevelMembers(text);
  if (!members) return {};
  const values: Record<string, bigint | undefined> = {};
  for (const field of ['$maxCount', '$maxAge', '$tb', '$cacheControl']) {
    const member = members.get(field);
    if (!member) continue;
    const token = text.slice(member.start, member.end);
    if (!integer.test(token)) return {};
    const value = BigInt(token);
    if (value > int64Max || value < int64Min) return {};
    values[field] = value;
  }
  const acl = members.get('$acl');
  if (acl && text[acl.start] !== '{') return {};
  const { $maxCount, $maxAge, $tb } = values;
  return {
    ...($maxCount !== undefined && $maxCount > 0n ? { maxCount: Number($maxCount) } : {}),
    ...($maxAge !== undefined && $maxAge > 0n ? { maxAgeMs: Number($maxAge) * 1_000 } : {}),
    ...($tb !== undefined && $tb >= 0n
      ? { truncateBefore: $tb === int64Max ? softDeletedAt : Math.min(Number($tb), largestRevision) }
      : {}),
  };
};

/** The same metadata with another `$tb`, every other byte kept; undefined when the text is no JSON object. */
export const withTruncateBefore = (text: string, revision: number): string | undefined => {
  const members = topLevelMembers(text);
  if (!members) return undefined;
  const member = members.get('$tb');
  if (member) return `${text.slice(0, member.start)}${revision}${text.slice(member.end)}`;
  const open = text.indexOf('{') + 1;
  return `${text.slice(0, open)}"$tb":${revision}${members.size ? ',' : ''}${text.slice(open)}`;
};
