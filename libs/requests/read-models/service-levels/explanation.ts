import { judgeClocks } from '../../../service-levels/clocks';
import { EventName, explainClock, type Explanation } from '../../../service-levels/explain';
import { knownTerms } from '../../../service-levels/known-terms';
import { AccountabilityRow } from '../accountability/accountability.projection';
import { heldBy, HeldBy } from './held-by';
import { ServiceLevelsRow } from './service-levels.projection';

export interface ExplainedClock extends Explanation {
  readonly heldBy: HeldBy;
}

/** Every clock of a case with its reasons, and with who held the case meanwhile. @param now epoch milliseconds */
export const explainCase = (
  { clocks }: Pick<ServiceLevelsRow, 'clocks'>,
  accountability: AccountabilityRow,
  eventName: EventName,
  now: number,
): readonly ExplainedClock[] => {
  if (!clocks) return [];
  const until = Math.max(now, clocks.lastAt);
  return judgeClocks(clocks, knownTerms).map((clock) => ({
    ...explainClock(clock, knownTerms, eventName, until),
    heldBy: heldBy(clock, accountability, knownTerms, until),
  }));
};
