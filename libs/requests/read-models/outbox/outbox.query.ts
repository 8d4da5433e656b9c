import { Injectable } from '@nestjs/common';
import { customerProjection } from '../../../customers/read-models/record/customer.projection';
import { byStream } from '../../../eventing/by-stream';
import { keyOf, Recorded, streamOf } from '../../../eventing/event';
import { tableOf } from '../../../eventing/projections/projection';
import { loggedEvent } from '../../../eventing/projections/projection-store.adapter';
import { PersonalText } from '../../../eventing/sealed';
import { Opened } from '../../../eventing/unsealer';
import { exceptionCategory, ExceptionEvent } from '../../../exceptions/events';
import { exceptionProjection } from '../../../exceptions/read-models/exception/exception.projection';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { correctRequest } from '../../corrections';
import { Exchange } from '../../event-values';
import { requestCategory, RequestEvent } from '../../events';
import { conversationProjection } from '../conversation/conversation.projection';
import { PagePlace } from '../page-cursor';
import { requestProjection } from '../request/request.projection';

/**
 * Messages that wait to be carried to customers, the oldest first, as corrected until now.
 *
 * Guarantee: what is written is shown until somebody says that it was delivered or has failed for good, and no longer. Whose
 * customer is erased, or being erased, is not shown.
 */
const eventsOfMessageMax = 50;

export const subjects = ['request', 'exception'] as const;
type Subject = (typeof subjects)[number];

interface Selected {
  /** Of what the message is: to it, its delivery is reported. */
  readonly about: Subject;
  readonly number: string;
  readonly revision: number;
  readonly since: string;
  readonly attempts: number;
  readonly customer: string;
  /** Of the request, or of the first one that an exception is about. */
  readonly subject: PersonalText | null;
  readonly addresses: readonly PersonalText[] | null;
  /** They came with this case a moment ago, and have no record yet. */
  readonly isNew: boolean;
}

type Message = { readonly text: PersonalText; readonly exchange: Exchange };

export interface OutgoingMessage extends Omit<Selected, 'addresses' | 'isNew'>, Message {
  /** Of the customer's own record, the preferred one first; for a message that names nobody. */
  readonly addresses: readonly PersonalText[];
}

export interface OutboxPage {
  readonly messages: readonly Opened<OutgoingMessage>[];
  readonly total: number;
  readonly next: PagePlace | undefined;
}

const categories: Readonly<Record<Subject, string>> = { request: requestCategory, exception: exceptionCategory };
const request = tableOf(requestProjection);

const waiting = `
  from (
    select 'request' as about, v.key as number, m.revision, m.since, m.attempts, v.customer, r.row -> 'subject' as subject
    from ${tableOf(conversationProjection)} v
      join lateral jsonb_to_recordset(v.row -> 'sent') as m (revision int, since text, status text, attempts int)
        on m.status = 'waiting'
      join ${request} r on r.key = v.key
    where v.waiting_since < 'infinity'
    union all
    select 'exception', e.key, n.notice, n.since, n.attempts, e.customer, r.row -> 'subject'
    from ${tableOf(exceptionProjection)} e
      join lateral jsonb_to_recordset(e.row -> 'state' -> 'sent') as n (notice int, since text, status text, attempts int)
        on n.status = 'waiting'
      left join ${request} r on r.key = e.row -> 'state' -> 'requests' ->> 0
    where e.waiting_since < 'infinity') m
    left join ${tableOf(customerProjection)} c on c.key = m.customer
  where coalesce(c.status, 'active') = 'active'`;

const pageSql = `
  select m.about, m.number, m.revision, m.since, m.attempts, m.customer, m.subject,
    (select jsonb_agg(p -> 'address' order by (p -> 'isPreferred')::boolean desc, n)
      from jsonb_array_elements(c.row -> 'contactPoints') with ordinality as a (p, n)
      where p ->> 'channel' = 'email') as addresses, c.key is null as "isNew"
  ${waiting} and (m.since, m.number, m.revision) > ($1, $2, $3)
  order by m.since, m.number, m.revision limit $4`;
const totalSql = `select count(*)::int as total ${waiting}`;

// The messages themselves, how their cases were opened, and what was put right in these since.
const eventsSql = `
  select e.sequence, e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata from event_log e
  where (e.stream, e.revision) in (select * from unnest($1::text[], $2::int[]))
    or (e.stream = any($1) and (e.revision = 0 or e.type = 'RequestCorrected'))
  order by e.stream, e.revision limit $3`;

type LogRow = Parameters<typeof loggedEvent>[0];

interface Words {
  readonly messages: ReadonlyMap<number, Message>;
  /** As the customer gave it with the case. */
  readonly address: PersonalText | undefined;
}

const messageIn = ({ type, data }: RequestEvent | ExceptionEvent): readonly Message[] => {
  if (type === 'RequestResponded' && data.exchange) return [{ text: data.text, exchange: data.exchange }];
  if (type !== 'ExceptionCustomerInformed') return [];
  const { text, channel, messageId } = data;
  return [{ text, exchange: { channel, direction: 'out', messageId } }];
};

const wordsIn = (events: readonly Recorded<RequestEvent | ExceptionEvent>[]): Words => ({
  messages: new Map(events.flatMap((event) => messageIn(event).map((message) => [event.revision, message] as const))),
  address: events.flatMap((event) => (event.type === 'RequestOpened' ? (event.data.contact?.email ?? []) : []))[0],
});

const isOfRequest = (event: Recorded<RequestEvent | ExceptionEvent>): event is Recorded<RequestEvent> =>
  event.stream.startsWith(`${requestCategory}-`);

/** Of one stream. */
const asCorrected = (
  events: readonly Recorded<RequestEvent | ExceptionEvent>[],
): readonly Recorded<RequestEvent | ExceptionEvent>[] => (events.every(isOfRequest) ? correctRequest(events) : events);

const firstPlace: PagePlace = { due: '', number: '' };
const placeOf = ({ since, number, revision }: Selected): PagePlace => ({ due: since, number: `${number}:${revision}` });

@Injectable()
export class OutboxQuery {
  constructor(private readonly engine: Engine) {}

  async page({ personal }: Scope, { due, number: mark }: PagePlace = firstPlace, rowsMax: number): Promise<OutboxPage> {
    const [number, revision = '-1'] = mark.split(':');
    const { pool } = this.engine;
    const [{ rows }, count] = await Promise.all([
      pool.query<Selected>({ name: 'outbox', text: pageSql, values: [due, number, revision, rowsMax + 1] }),
      pool.query<{ total: number }>({ name: 'outbox-total', text: totalSql }),
    ]);
    const shown = rows.slice(0, rowsMax);
    const last = shown.at(-1);
    const words = await this.wordsOf(shown);
    const messages = shown.flatMap(({ addresses, isNew, ...message }) => {
      const own = words.get(message.number);
      const found = own?.messages.get(message.revision);
      const given = isNew && own?.address !== undefined ? [own.address] : [];
      return found ? [{ ...message, ...found, addresses: addresses ?? given }] : [];
    });
    return {
      messages: await this.engine.unsealer.open(messages, personal),
      total: count.rows[0]?.total ?? 0,
      next: rows.length > rowsMax && last ? placeOf(last) : undefined,
    };
  }

  private async wordsOf(messages: readonly Selected[]): Promise<ReadonlyMap<string, Words>> {
    const streams = messages.map(({ about, number }) => streamOf(categories[about], number));
    const { rows } = await this.engine.pool.query<LogRow>({
      name: 'outbox-events',
      text: eventsSql,
      values: [streams, messages.map(({ revision }) => revision), messages.length * eventsOfMessageMax],
    });
    const events = rows.map((row) => this.engine.types.shown<RequestEvent | ExceptionEvent>(loggedEvent(row)));
    return new Map([...byStream(events)].map(([stream, own]) => [keyOf(stream), wordsIn(asCorrected(own))] as const));
  }
}
