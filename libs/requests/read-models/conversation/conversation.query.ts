import { Injectable } from '@nestjs/common';
import { Recorded, streamOf } from '../../../eventing/event';
import { loggedEvent } from '../../../eventing/projections/projection-store.adapter';
import { Opened } from '../../../eventing/unsealer';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { correctRequest } from '../../corrections';
import { requestCategory, RequestEvent } from '../../events';
import { CaseRows } from '../case-row.query';
import { conversationProjection, ConversationRow } from './conversation.projection';
import { saidByThemselves, saidToEverybody, saidTypes, Utterance, utterancesIn } from './exchange';

/** What was said about a case, corrected, from the log's mirror; page by page, since a case may hold thousands of messages. */
const correctionsMax = 2_000;

export interface ConversationPage {
  readonly revision: number;
  readonly row: Opened<ConversationRow>;
  /** In the order of the log. */
  readonly utterances: readonly Opened<Utterance>[];
  readonly total: number;
  /** The next page begins after this revision. */
  readonly next: number | undefined;
}

type LogRow = Parameters<typeof loggedEvent>[0];

const columns = 'e.sequence, e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata';

// A file that came with a message stands with the message. $3 null: the staff, who see all.
const said = `
  e.stream = $1 and e.type = any($2)
  and not (e.type = 'RequestFileAttached' and coalesce(e.data -> 'about', 'null') <> 'null')
  and ($3::text is null or e.type = any($4) or (e.type = any($5) and e.metadata ->> 'actor' = $3))`;

const pageSql = `select ${columns} from event_log e where ${said} and e.revision > $6 order by e.revision limit $7`;
const totalSql = `select count(*)::int as total from event_log e where ${said}`;
const correctionsSql = `
  select ${columns} from event_log e where e.stream = $1 and e.type = 'RequestCorrected' order by e.revision limit $2`;

@Injectable()
export class ConversationQuery {
  constructor(
    private readonly engine: Engine,
    private readonly cases: CaseRows,
  ) {}

  /** @param number exact @throws NotFound for what is not there or may not be seen */
  async page(scope: Scope, number: string, after: number, eventsMax: number): Promise<ConversationPage> {
    const stream = streamOf(requestCategory, number);
    const wanted = [stream, saidTypes, scope.customer ?? null, saidToEverybody, saidByThemselves];
    const [{ revision, row }, page, corrections, { rows }] = await Promise.all([
      this.cases.find(scope, conversationProjection, number),
      this.logged('conversation-page', pageSql, [...wanted, after, eventsMax + 1]),
      this.logged('conversation-corrections', correctionsSql, [stream, correctionsMax]),
      this.engine.pool.query<{ total: number }>({ name: 'conversation-total', text: totalSql, values: wanted }),
    ]);
    const shown = page.slice(0, eventsMax);
    const corrected = correctRequest([...shown, ...corrections]).slice(0, shown.length);
    const utterances = corrected.flatMap((event) => utterancesIn(event, row.customer));
    const opened = await this.engine.unsealer.open({ row, utterances }, scope.personal);
    const next = page.length > eventsMax ? shown.at(-1)?.revision : undefined;
    return { revision, ...opened, total: rows[0]?.total ?? 0, next };
  }

  private async logged(name: string, text: string, values: unknown[]): Promise<readonly Recorded<RequestEvent>[]> {
    const { rows } = await this.engine.pool.query<LogRow>({ name, text, values });
    return rows.map((row) => this.engine.types.shown<RequestEvent>(loggedEvent(row)));
  }
}
