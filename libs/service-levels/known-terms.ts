/**
 * What terms mean, by the digests of their content.
 *
 * Guarantee: a key has one meaning for ever, in every process and every installation, because it consists of digests of that
 * meaning. So the table below is a cache of immutable values, like that of the zones: looking something up is a pure function of
 * the key and of whether its parts have been read yet. Who folds events reads the book up to them first.
 */
import { createHash } from 'node:crypto';
import { canonical } from '../eventing/canonical';
import type { Calendar } from './calendar-definition';
import { type ServiceLevelPolicy, type Terms, type TermsKey, UnknownTerms } from './policy';
import { standardTerms } from './seeds';

const digestDigits = 16;
const between = '.';
const policies = new Map<string, ServiceLevelPolicy>();
const calendars = new Map<string, Calendar>();
const assembled = new Map<TermsKey, Terms>();
// Every case that is opened names terms; their content is digested once.
const digests = new WeakMap<object, string>();

/** @throws NotCanonical for a number that is no whole one */
const digestOf = (value: object): string => {
  const known = digests.get(value);
  if (known !== undefined) return known;
  // Members that are absent and those that are undefined are the same JSON.
  const text = canonical(JSON.parse(JSON.stringify(value)));
  const digest = createHash('sha256').update(text).digest('hex').slice(0, digestDigits);
  digests.set(value, digest);
  return digest;
};

const learn = <T extends object>(known: Map<string, T>, value: T): string => {
  const digest = digestOf(value);
  if (!known.has(digest)) known.set(digest, value);
  return digest;
};

export const learnPolicy = (policy: ServiceLevelPolicy): string => learn(policies, policy);
export const learnCalendar = (calendar: Calendar): string => learn(calendars, calendar);

/** Makes terms known, so that events may name them. @returns the same key for the calendars in any order */
export const learnTerms = (terms: Terms): TermsKey => {
  const ordered = [...terms.calendars].sort((one, other) => (one.id < other.id ? -1 : 1));
  return [learnPolicy(terms.policy), ...ordered.map(learnCalendar)].join(between);
};

/** Everything that has been made known here, for another thread to know as well. */
export interface KnownContents {
  readonly policies: readonly ServiceLevelPolicy[];
  readonly calendars: readonly Calendar[];
}

export const knownContents = (): KnownContents => ({
  policies: [...policies.values()],
  calendars: [...calendars.values()],
});

export const learnContents = (known: KnownContents): void => {
  known.policies.forEach(learnPolicy);
  known.calendars.forEach(learnCalendar);
};

/** @throws UnknownTerms */
export const knownTerms = (key: TermsKey): Terms => {
  const known = assembled.get(key);
  if (known) return known;
  const [policy = '', ...named] = key.split(between);
  const terms = { policy: found(policies, policy), calendars: named.map((each) => found(calendars, each)) };
  assembled.set(key, terms);
  return terms;
};

const found = <T>(known: ReadonlyMap<string, T>, digest: string): T => {
  const value = known.get(digest);
  if (value === undefined) throw new UnknownTerms(`what ${digest} stands for is not known here`);
  return value;
};

/** The same terms with one part replaced; itself when that is no part of them. */
export const replaceInKey = (key: TermsKey, part: string, replacement: string): TermsKey =>
  key
    .split(between)
    .map((each) => (each === part ? replacement : each))
    .join(between);

/** Of events that were written before there was a book. */
export const standardKey: TermsKey = learnTerms(standardTerms);
