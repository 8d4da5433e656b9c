import { Injectable } from '@nestjs/common';
import { Recorded } from '../../../eventing/event';
import { readStreams } from '../../../eventing/projections/projection-store.adapter';
import { Rejection } from '../../../eventing/rejection';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { ConcernedStream, concernedStreams } from '../concerned.query';
import { OverviewQuery } from '../overview/overview.query';
import { CustomerExport, exportedEvent, ExportedStream } from './customer-export';

const eventsMax = 50_000;
const streamsPerRead = 100;

@Injectable()
export class ExportQuery {
  constructor(
    private readonly engine: Engine,
    private readonly overviews: OverviewQuery,
  ) {}

  /**
   * Everything that is held about a customer and that they may be shown, as far as the read models are.
   * @throws NotFound for who is not there or may not be seen, Rejection EXPORT_TOO_LARGE
   */
  async of(scope: Scope, id: string, exportedAt: string): Promise<CustomerExport> {
    const { records } = await this.overviews.of(scope, id);
    const customers = records.map((record) => record.id);
    const streams: ExportedStream[] = [];
    let eventCount = 0;
    const concerned = await concernedStreams(this.engine.pool, customers);
    for (let from = 0; from < concerned.length; from += streamsPerRead) {
      const read = await this.read(concerned.slice(from, from + streamsPerRead), new Set(customers));
      streams.push(...read);
      eventCount += read.reduce((sum, { events }) => sum + events.length, 0);
      if (eventCount > eventsMax)
        throw new Rejection('EXPORT_TOO_LARGE', `more than ${eventsMax} events are about this customer`);
    }
    return { customer: id, customers, exportedAt, eventCount, streams };
  }

  private async read(
    concerned: readonly ConcernedStream[],
    customers: ReadonlySet<string>,
  ): Promise<readonly ExportedStream[]> {
    const { pool, types, unsealer } = this.engine;
    const histories = new Map<string, Recorded[]>(concerned.map(({ stream }) => [stream, []]));
    const names = concerned.map(({ stream }) => stream);
    for (const logged of await readStreams(pool, names)) histories.get(logged.stream)?.push(types.shown(logged));
    const disclosed = concerned.map(({ stream, category, key, disclose }) => ({
      ...{ category, key },
      events: disclose(histories.get(stream) ?? [], ownerOf(histories.get(stream), customers)),
    }));
    const opened = await unsealer.open(disclosed, true);
    return opened.map(({ category, key, events }) => ({
      ...{ category, key },
      events: events.map((event) => exportedEvent(event, customers)),
    }));
  }
}

/** Whose words in a history are their own: the customer whom its first event names, or whose stream it is. */
const ownerOf = (events: readonly Recorded[] | undefined, customers: ReadonlySet<string>): string => {
  const named = events?.[0] && 'customer' in events[0].data ? events[0].data.customer : undefined;
  return typeof named === 'string' && customers.has(named) ? named : '';
};
