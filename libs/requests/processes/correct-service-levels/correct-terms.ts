import { Decided } from '../../../eventing/command-runner';
import { nameOf } from '../../../service-levels/book';
import { knownTerms, replaceInKey } from '../../../service-levels/known-terms';
import { TermsKey } from '../../../service-levels/policy';
import { RequestEvent } from '../../events';
import { Request } from '../../request';
import { unfoundedBreaches } from '../../timers';

/** One revision that stands in for another one that was wrong. */
export interface CorrectTerms {
  /** Digests of their content. */
  readonly wrong: string;
  readonly right: string;
  /** `office@1`, `office@2` */
  readonly corrected: string;
  readonly by: string;
}

/** All terms that the clocks of a case were ever measured by. */
const termsIn = (state: Request): readonly TermsKey[] => {
  const clocks = state.status === 'none' ? null : state.time.clocks;
  if (!clocks) return [];
  const measured = clocks.tracks.flatMap(({ terms, intervals }) => [terms, ...intervals.map((each) => each.terms)]);
  return [...new Set([clocks.terms, ...measured])];
};

/** Lets the right revision stand in for the wrong one in this case's history. It was never under it: nothing happens. */
export const correctTerms = ({ wrong, right, corrected, by }: CorrectTerms, state: Request): Decided<RequestEvent>[] =>
  termsIn(state).flatMap((key) => {
    const terms = replaceInKey(key, wrong, right);
    if (terms === key) return [];
    const { policy, calendars } = knownTerms(terms);
    const notes = { policy: nameOf(policy), calendar: calendars.map(nameOf).join(' '), terms };
    return [{ type: 'ServiceLevelTermsCorrected', data: { wrong: key, corrected, by }, notes }];
  });

/** Takes back each breach that was told and is none by what is known now. @param because what was put right */
export const retractBreaches = (because: string, state: Request): RequestEvent[] =>
  state.status === 'none'
    ? []
    : unfoundedBreaches(state.time).map(({ metric, cycle, at }) => ({
        type: 'ServiceLevelBreachRetracted',
        data: { metric, cycle, dueAt: new Date(at).toISOString(), because },
      }));
