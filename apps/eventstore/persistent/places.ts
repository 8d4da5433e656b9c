import { tombstoneRevision } from '../log/record';
import type { From } from '../protocol/read-request';
import { allStream } from './settings';

/**
 * A place in what a group reads: a revision in a stream, a position in $all. As text, in checkpoints, in the stored
 * configuration and in what a client is told, they are `N` and `C:N/P:N`, and -1 is the end.
 */
export const placeText = (stream: string, place: number): string => {
  // 2^63-1 is no exact number; its text must not become the next one.
  const text = place === tombstoneRevision ? String((1n << 63n) - 1n) : String(place);
  return stream === allStream ? `C:${text}/P:${text}` : text;
};

export const startText = (stream: string, from: From): string => {
  if (from.at === 'start') return placeText(stream, 0);
  return placeText(stream, from.at === 'end' ? -1 : Number(from.value));
};

const streamPlace = /^(-1|\d{1,19})$/;
const allPlace = /^C:(-1|\d{1,19})\/P:(?:-1|\d{1,19})$/;

export const parsePlace = (stream: string, text: string): number | undefined => {
  const match = (stream === allStream ? allPlace : streamPlace).exec(text);
  return match ? Number(match[1]) : undefined;
};

export const parseStart = (stream: string, text: string): From => {
  const place = parsePlace(stream, text) ?? 0;
  if (place === 0) return { at: 'start' };
  return place === -1 ? { at: 'end' } : { at: 'value', value: BigInt(place) };
};
