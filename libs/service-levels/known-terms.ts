/**
 * What terms mean, by the digest of their content.
 *
 * Guarantee: a key has one meaning for ever, in every process and every installation, because it is a digest of that meaning.
 * So the table below is a cache of immutable values, like that of the zones: looking something up is a pure function of the key
 * and of whether it has been read yet. Who folds events reads the book up to them first.
 */
import { createHash } from 'node:crypto';
import { canonical } from '../eventing/canonical';
import { Terms, TermsKey, UnknownTerms } from './policy';
import { standardTerms } from './seeds';

const digestDigits = 24;
const known = new Map<TermsKey, Terms>();

/** @throws NotCanonical for a number that is no whole one */
export const termsKeyOf = ({ policy, calendars }: Terms): TermsKey => {
  const ordered = [...calendars].sort((one, other) => (one.id < other.id ? -1 : 1));
  // Members that are absent and those that are undefined are the same JSON.
  const text = canonical(JSON.parse(JSON.stringify({ policy, calendars: ordered })));
  return createHash('sha256').update(text).digest('hex').slice(0, digestDigits);
};

/** Makes terms known, so that events may name them. */
export const learnTerms = (terms: Terms): TermsKey => {
  const key = termsKeyOf(terms);
  if (!known.has(key)) known.set(key, terms);
  return key;
};

export const isKnown = (key: TermsKey): boolean => known.has(key);

/** @throws UnknownTerms */
export const knownTerms = (key: TermsKey): Terms => {
  const terms = known.get(key);
  if (!terms) throw new UnknownTerms(`terms ${key} are not known here`);
  return terms;
};

/** Of events that were written before there was a book. */
export const standardKey: TermsKey = learnTerms(standardTerms);
