import { AnyProjection } from '../../../libs/eventing/projections/projection';
import { thingProjection } from '../../engine/thing';

/** What the workers of a campaign keep: two tables, so that one could be ahead of the other. */
export const workerProjections: readonly AnyProjection[] = [
  thingProjection(),
  { ...thingProjection(), name: 'thing-steps', indexes: [] },
];
