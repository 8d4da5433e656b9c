import { Outcome } from '../../libs/eventing/command-runner';
import { contextOf } from '../../libs/platform/http/command-context';
import { Engine } from '../../libs/platform/engine/engine';
import { ThingEvent, thingEvolution } from './thing';

const headers = { idempotencyKey: undefined, ifMatch: undefined, traceparent: undefined };

export const stepped = (by: number): ThingEvent => ({
  type: 'ThingStepped',
  data: { by, owner: 'somebody', remark: 'x' },
});

/** One command on one thing, of which this event comes. */
export const happen = (
  { runner }: Engine,
  key: string,
  event: ThingEvent,
  category: string = thingEvolution.category,
): Promise<Outcome> =>
  runner.execute({
    ...{ evolution: { ...thingEvolution, category }, key, expects: 'any', body: {}, decide: () => [event] },
    context: contextOf({ caller: { id: 'alice' }, target: key, headers, now: new Date() }),
  });
