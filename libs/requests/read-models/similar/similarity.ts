import { wordsOf } from '../../../eventing/search/words';

/**
 * How alike two cases are, and why.
 *
 * A word counts the more the fewer cases have it. Whose cases they are counts, and how long ago the other was opened. What is told as the
 * reason is all that was gone by.
 */
export const comparedWordsMax = 24;
const wordCharactersMin = 2;
// Where nothing is known of a word, it is taken for as rare as this.
const rareShare = 1e-4;
const part = { words: 0.7, customer: 0.2, recency: 0.1 } as const;
const recencyHalvesDays = 7;
const alikeShareMin = 0.3;
const duplicateShareMin = { sameCustomer: 0.5, others: 0.8 } as const;
// One word that happens to be the same is no description of the same trouble.
const duplicateWordsMin = 2;

export interface ComparedWord {
  readonly word: string;
  /** Part of all cases that have it, 0…1, as far as it is known. */
  readonly share: number;
}

export interface Candidate {
  readonly number: string;
  readonly isSameCustomer: boolean;
  /** Which of the words it has, by their places. */
  readonly matched: readonly number[];
  readonly openedAt: Date;
}

export interface Similar {
  readonly number: string;
  /** 0…1 */
  readonly similarity: number;
  readonly isProbableDuplicate: boolean;
  readonly isSameCustomer: boolean;
  /** Of the words that were compared. */
  readonly words: readonly string[];
}

/** The words of what is told, those of the subject first, each once. */
export const comparedWords = (subject: string, description = ''): readonly string[] =>
  [...new Set([...wordsOf(subject), ...wordsOf(description)])]
    .filter((word) => [...word].length >= wordCharactersMin)
    .slice(0, comparedWordsMax);

const weightOf = ({ share }: ComparedWord): number => Math.log(1 / Math.min(1, Math.max(share, rareShare)));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** @param now epoch milliseconds */
const similarityOf = (
  words: readonly ComparedWord[],
  candidate: Candidate,
  now: number,
): Similar & { share: number } => {
  const { number, isSameCustomer, matched, openedAt } = candidate;
  const shared = words.filter((_, place) => matched.includes(place));
  const [all, alike] = [sum(words.map(weightOf)), sum(shared.map(weightOf))];
  const share = all > 0 ? alike / all : 0;
  const days = Math.max(0, now - openedAt.getTime()) / 86_400_000;
  const wanted = isSameCustomer ? duplicateShareMin.sameCustomer : duplicateShareMin.others;
  const recency = 2 ** (-days / recencyHalvesDays);
  return {
    ...{ number, isSameCustomer, share, words: shared.map(({ word }) => word) },
    similarity: part.words * share + (isSameCustomer ? part.customer : 0) + part.recency * recency,
    isProbableDuplicate: share >= wanted && shared.length >= Math.min(duplicateWordsMin, words.length),
  };
};

/** Those that are alike, the most alike first. */
export const ranked = (
  words: readonly ComparedWord[],
  candidates: readonly Candidate[],
  now: number,
): readonly Similar[] =>
  candidates
    .map((candidate) => similarityOf(words, candidate, now))
    .filter(({ share, isSameCustomer }) => isSameCustomer || share >= alikeShareMin)
    .sort((left, right) => right.similarity - left.similarity || (left.number < right.number ? -1 : 1))
    .map(({ share: _, ...similar }) => similar);
