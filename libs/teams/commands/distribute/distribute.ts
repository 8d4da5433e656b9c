import { sameJson } from '../../../eventing/same-json';
import { Strategy, TeamEvent, Weights } from '../../events';
import { Distribution, distributionAt } from '../../roster';
import { knownTeam, Team } from '../../team';

export interface DistributeWork {
  readonly strategy?: Strategy | undefined;
  /** What is not said stays as it holds then. */
  readonly weights?: Partial<Weights> | undefined;
  /** RFC 3339, UTC, milliseconds. */
  readonly from: string;
}

const present = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

/** Says how a team's work finds somebody, from an instant on. */
export const distributeWork = ({ strategy, weights = {}, from }: DistributeWork, state: Team): TeamEvent[] => {
  const { distributions } = knownTeam(state);
  const known = distributionAt(distributions, Date.parse(from));
  const before: Distribution = { strategy: known.strategy, weights: known.weights };
  const after: Distribution = {
    strategy: strategy ?? before.strategy,
    weights: { ...before.weights, ...present(weights) },
  };
  if (sameJson(before, after)) return [];
  const revision = (distributions.at(-1)?.value.revision ?? 0) + 1;
  return [{ type: 'TeamDistributionChanged', data: { ...after, revision, from } }];
};
