import { Evolution } from '../eventing/decider';
import { firingCategory, FiringEvent } from './events';

/** Whether a firing is recorded: that is all that its stream has to say to whoever records it. */
export type Firing = 'unknown' | 'recorded';

export const firingEvolution: Evolution<Firing, FiringEvent> = {
  ...{ category: firingCategory, initialState: 'unknown', evolve: () => 'recorded', ownerOf: () => undefined },
};

export const recordFiring = (data: FiringEvent['data'], state: Firing): FiringEvent[] =>
  state === 'recorded' ? [] : [{ type: 'RuleFired', data }];
