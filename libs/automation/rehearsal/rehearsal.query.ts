import { Injectable } from '@nestjs/common';
import { categoryOf, keyOf, Recorded } from '../../eventing/event';
import { isUnreadable } from '../../eventing/event-types';
import { LoggedEvent } from '../../eventing/projections/mirror';
import { readLogPage } from '../../eventing/projections/projection-store.adapter';
import { Engine } from '../../platform/engine/engine';
import { requestCategory, RequestEvent } from '../../requests/events';
import { type Calendar } from '../../service-levels/calendar-definition';
import { quietProjection } from '../read-models/quiet/quiet.projection';
import { RuleBody } from '../rule';
import { Rehearsed, rehearse } from './rehearse';

/** A rule's dry run over the mirror, case after case. It reads and writes nothing. */
const pageEvents = 2_000;
const eventsMax = 200_000;
const itemsShown = 200;

export interface RehearsalResult {
  readonly total: number;
  readonly items: readonly Rehearsed[];
  readonly events: number;
  readonly complete: boolean;
}

@Injectable()
export class Rehearsal {
  constructor(private readonly engine: Engine) {}

  async run(rule: RuleBody, calendars: readonly Calendar[], now: number): Promise<RehearsalResult> {
    const items: Rehearsed[] = [];
    let [total, events] = [0, 0];
    let open: readonly LoggedEvent[] = [];
    const finish = (history: readonly LoggedEvent[]): void => {
      const [first] = history;
      if (!first || categoryOf(first.stream) !== requestCategory) return;
      const number = keyOf(first.stream);
      const readable = history.flatMap((logged) => this.readable(logged));
      const found = rehearse(rule, { number, unopened: quietProjection.initial(number) }, readable, calendars, now);
      total += found.length;
      items.push(...found.slice(0, itemsShown - items.length));
    };
    // The mirror's order is that of its streams: those of cases stand together.
    let after: { stream: string; revision: number } = { stream: `${requestCategory}-`, revision: -1 };
    while (events < eventsMax) {
      const page = (await readLogPage(this.engine.pool, after, pageEvents)).filter(
        ({ stream }) => categoryOf(stream) === requestCategory,
      );
      const last = page.at(-1);
      for (const event of page) {
        if (open[0] && open[0].stream !== event.stream) {
          finish(open);
          open = [];
        }
        open = [...open, event];
      }
      events += page.length;
      if (last) after = last;
      if (page.length < pageEvents) {
        finish(open);
        return { total, items, events, complete: true };
      }
    }
    return { total, items, events, complete: false };
  }

  private readable(logged: LoggedEvent): readonly Recorded<RequestEvent>[] {
    try {
      return [this.engine.types.decode<RequestEvent>(logged)];
    } catch (error) {
      if (isUnreadable(error)) return [];
      throw error;
    }
  }
}
