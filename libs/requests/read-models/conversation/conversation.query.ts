import { Injectable } from '@nestjs/common';
import { byStream } from '../../../eventing/by-stream';
import { keyOf, Recorded, streamOf } from '../../../eventing/event';
import { NotFound } from '../../../eventing/failures';
import { LoggedEvent } from '../../../eventing/projections/mirror';
import { loggedEvent } from '../../../eventing/projections/projection-store.adapter';
import { Opened } from '../../../eventing/unsealer';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { correctRequest } from '../../corrections';
import { requestCategory, RequestEvent } from '../../events';
import { CaseRow, CaseRows } from '../case-row.query';
import { RelationsQuery } from '../relations/relations.query';
import { conversationProjection, ConversationRow } from './conversation.projection';
import { saidByThemselves, saidToEverybody, saidTypes, Utterance, utterancesIn } from './exchange';

/** What was said about a case, corrected, from the log's mirror; page by page, since a case may hold thousands of messages. */
const correctionsMax = 2_000;

export interface ConversationPage {
  readonly revision: number;
  /** By number: its own, and those of the cases that it stands for. */
  readonly rows: ReadonlyMap<string, Opened<ConversationRow>>;
  /** In the order of the log. */
  readonly utterances: readonly Said[];
  readonly total: number;
  /** The next page begins after this revision, or sequence. */
  readonly next: number | undefined;
}

/** What was said, and in which case. */
export interface Said extends Opened<Utterance> {
  readonly number: string;
}

export interface ConversationWanted {
  /** Revision that the page begins behind, -1 for the first; with `merged`, the sequence. */
  readonly after: number;
  readonly eventsMax: number;
  /** With what was said in the cases that it stands for, all in the log's order. */
  readonly merged: boolean;
}

type LogRow = Parameters<typeof loggedEvent>[0];

const columns = 'e.sequence, e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata';

// A file that came with a message stands with the message. $3 null: the staff, who see all.
const said = `
  e.type = any($2)
  and not (e.type = 'RequestFileAttached' and coalesce(e.data -> 'about', 'null') <> 'null')
  and ($3::text is null or e.type = any($4) or (e.type = any($5) and e.metadata ->> 'actor' = $3))`;

const pageSql = `
  select ${columns} from event_log e where e.stream = $1 and ${said} and e.revision > $6 order by e.revision limit $7`;
const mergedPageSql = `
  select ${columns} from event_log e where e.stream = any($1) and ${said} and e.sequence > $6 order by e.sequence limit $7`;
const totalSql = `select count(*)::int as total from event_log e where e.stream = any($1) and ${said}`;
const correctionsSql = `
  select ${columns} from event_log e where e.stream = any($1) and e.type = 'RequestCorrected' order by e.sequence limit $2`;

@Injectable()
export class ConversationQuery {
  constructor(
    private readonly engine: Engine,
    private readonly cases: CaseRows,
    private readonly relations: RelationsQuery,
  ) {}

  /** @param number exact @throws NotFound for what is not there or may not be seen */
  async page(
    scope: Scope,
    number: string,
    { after, eventsMax, merged }: ConversationWanted,
  ): Promise<ConversationPage> {
    const asked = merged ? [number, ...(await this.relations.absorbed(scope, number))] : [number];
    // A customer reads those of their own.
    const cases = await this.cases.several(scope, conversationProjection, asked);
    const own = cases.get(number);
    if (!own) throw new NotFound();
    const streams = [...cases.keys()].map((each) => streamOf(requestCategory, each));
    const wanted = [saidTypes, scope.customer ?? null, saidToEverybody, saidByThemselves];
    const limits = [after, eventsMax + 1];
    const [page, corrections, { rows: counted }] = await Promise.all([
      merged
        ? this.logged('conversation-merged-page', mergedPageSql, [streams, ...wanted, ...limits])
        : this.logged('conversation-page', pageSql, [streamOf(requestCategory, number), ...wanted, ...limits]),
      this.logged('conversation-corrections', correctionsSql, [streams, correctionsMax]),
      this.engine.pool.query<{ total: number }>({
        ...{ name: 'conversation-total', text: totalSql, values: [streams, ...wanted] },
      }),
    ]);
    const shown = page.slice(0, eventsMax);
    const utterances = this.corrected(shown, corrections).flatMap((event) => {
      const key = keyOf(event.stream);
      return utterancesIn(event, cases.get(key)?.row.customer ?? '').map((each) => ({ ...each, number: key }));
    });
    const last = page.length > eventsMax ? shown.at(-1) : undefined;
    return {
      revision: own.revision,
      rows: await this.opened(scope, cases),
      utterances: await this.engine.unsealer.open(utterances, scope.personal),
      total: counted[0]?.total ?? 0,
      next: merged ? last?.sequence : last?.revision,
    };
  }

  /** In their order, each with the values that its case's corrections give it. */
  private corrected(
    shown: readonly LoggedEvent[],
    corrections: readonly LoggedEvent[],
  ): readonly Recorded<RequestEvent>[] {
    const decoded = (events: readonly LoggedEvent[] = []) =>
      events.map((event) => this.engine.types.shown<RequestEvent>(event));
    const correcting = byStream(corrections);
    const right = new Map(
      [...byStream(shown)].map(([stream, events]) => [
        stream,
        correctRequest([...decoded(events), ...decoded(correcting.get(stream))]).values(),
      ]),
    );
    return shown.flatMap(({ stream }) => right.get(stream)?.next().value ?? []);
  }

  private async opened(
    scope: Scope,
    cases: ReadonlyMap<string, CaseRow<ConversationRow>>,
  ): Promise<ReadonlyMap<string, Opened<ConversationRow>>> {
    const rows = await this.engine.unsealer.open(
      [...cases.values()].map(({ row }) => row),
      scope.personal,
    );
    return new Map([...cases.keys()].flatMap((number, index) => (rows[index] ? [[number, rows[index]]] : [])));
  }

  private async logged(name: string, text: string, values: unknown[]): Promise<readonly LoggedEvent[]> {
    const { rows } = await this.engine.pool.query<LogRow>({ name, text, values });
    return rows.map(loggedEvent);
  }
}
