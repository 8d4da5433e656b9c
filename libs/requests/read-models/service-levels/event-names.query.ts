import { Injectable } from '@nestjs/common';
import { streamOf } from '../../../eventing/event';
import { Engine } from '../../../platform/engine/engine';
import { EventName } from '../../../service-levels/explain';
import { requestCategory } from '../../events';

const eventsMax = 100_000;

/** What the events of a case are called. */
@Injectable()
export class EventNamesQuery {
  constructor(private readonly engine: Engine) {}

  async of(number: string): Promise<EventName> {
    const { rows } = await this.engine.pool.query<{ revision: string; type: string }>({
      name: 'event-names',
      text: `select revision, type from event_log where stream = $1 order by revision limit ${eventsMax}`,
      values: [streamOf(requestCategory, number)],
    });
    const names = new Map(rows.map(({ revision, type }) => [Number(revision), type]));
    return (revision) => names.get(revision) ?? 'event';
  }
}
