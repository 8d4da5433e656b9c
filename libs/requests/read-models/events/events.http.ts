import { Controller, OnModuleDestroy, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { categoryOf, keyOf } from '../../../eventing/event';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { Problem, unprocessable } from '../../../platform/http/problem';
import { flag, shortText, wholeNumber } from '../../../platform/http/query-parameters';
import { whenClosed } from '../../../platform/http/when-closed';
import { requestCategory } from '../../events';
import { CallerScope, QueryOf, ReadRoute, ValuesOf } from '../read-route.http';
import { EventsQuery, FeedEvent, FeedRange, FeedState } from './events.query';

/**
 * The change feed: one JSON object a line, in the order of the log.
 *
 * Guarantee: whoever goes on after the position of the last whole line they have misses nothing and gets nothing twice, whatever the
 * limit and the types. After an answer that was not cut short by `limit`, `Casefold-Position` is as good, and goes further when types
 * were left out. A reader that is slow holds back its own pages only. Not promised: a last line that is whole when the connection breaks.
 */
const pageEvents = 500;
const linesMax = 10_000;
const lookEveryMilliseconds = 100;
const followersMax = 100;
const waitSecondsMax = 30;
const typesCharactersMax = 2_000;
const parameters = {
  follow: flag,
  wait: wholeNumber(0, waitSecondsMax),
  limit: wholeNumber(1, linesMax),
  type: shortText(typesCharactersMax),
};
type Query = ValuesOf<typeof parameters> & { readonly after?: bigint };

/** Nothing where bytes that are no event of ours say nothing. */
const said = (text: string | undefined): string | null | undefined => (text === '' ? null : text);

const lineOf = ({ sequence, position, event }: FeedEvent): string => {
  const { stream, revision, id, type, data, metadata } = event;
  const { actor, recordedAt, occurredAt, origin } = metadata;
  const place = categoryOf(stream) === requestCategory ? { number: keyOf(stream) } : { stream };
  const line = {
    sequence: String(sequence),
    position: String(position),
    type,
    ...place,
    revision: String(revision),
    id,
  };
  const facts = {
    recordedAt: said(recordedAt),
    occurredAt: said(occurredAt),
    actor: said(actor),
    origin: said(origin),
  };
  return `${JSON.stringify({ ...line, ...facts, data })}\n`;
};

/** Tells a follower that it is connected, before there is anything to tell; its connection is of no further use afterwards. */
const startAtOnce = (reply: FastifyReply): void => {
  void reply.header('connection', 'close');
  reply.raw.once('pipe', () => reply.raw.flushHeaders());
};

type Wanted = Omit<FeedRange, 'until'>;

const header = (description: string) => ({ description, schema: { type: 'string' as const } });
const stateHeaders = {
  'Casefold-Sequence': header('of the last event that the read models have'),
  'Casefold-Generation': header('of the log; another one after it was replaced by a copy'),
  'Casefold-Quarantined': header('how many rows stand still for an event that cannot be applied; 0 is complete'),
};

@Controller('v1/events')
export class EventsController implements OnModuleDestroy {
  private followers = 0;
  private stopping = false;

  constructor(
    private readonly engine: Engine,
    private readonly events: EventsQuery,
  ) {}

  onModuleDestroy(): void {
    this.stopping = true;
  }

  @ReadRoute('', ['auditor', 'reporter', 'admin'])
  @ApiOperation({
    operationId: 'getEvents',
    summary: 'The change feed: one JSON object a line, in the order of the log.',
  })
  @ApiQuery({ name: 'follow', required: false, enum: ['true', 'false'], description: 'go on with what comes' })
  @ApiQuery({
    name: 'wait',
    required: false,
    schema: { type: 'integer', minimum: 0, maximum: waitSecondsMax },
    description: 'when there is nothing yet, wait so many seconds for it',
  })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: linesMax },
    description: 'so many lines at most',
  })
  @ApiQuery({ name: 'type', required: false, example: 'RequestOpened,RequestClosed', description: 'types of events' })
  @ApiOkResponse({
    description:
      'an object a line: sequence, position, type, number (or stream), revision, id, times, actor, origin, data',
    headers: stateHeaders,
    content: { 'application/x-ndjson': { schema: { type: 'string' } } },
  })
  async feed(
    @CallerScope() scope: Scope,
    @QueryOf(parameters) query: Query,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { after = -1n, follow = false, wait: seconds = 0, limit = Infinity } = query;
    if (follow && (query.wait !== undefined || query.limit !== undefined)) throw followedIsEndless;
    const types = this.typesOf(query.type);
    const leave = follow || seconds ? this.enter() : ignore;
    try {
      const state = await this.awaited(scope, { after, types }, seconds * 1000);
      sayState(reply, state);
      const lines = this.linesUntil(scope, { after, until: state.position, types }, limit);
      if (!follow) {
        leave();
        return ndjson(lines);
      }
      startAtOnce(reply);
      whenClosed(reply.raw, leave);
      return ndjson(this.followed(scope, { after, types }, reply.raw));
    } catch (error) {
      leave();
      throw error;
    }
  }

  private enter(): () => void {
    if (this.followers >= followersMax)
      throw new Problem('RATE_LIMITED', `At most ${followersMax} follow the events at a time.`, {
        headers: { 'retry-after': '60' },
      });
    this.followers++;
    return () => void this.followers--;
  }

  private typesOf(text: string | undefined): readonly string[] | undefined {
    const types = text?.split(',');
    const unknown = types?.filter((type) => !this.engine.types.names().includes(type));
    if (!unknown?.length) return types;
    throw unprocessable([{ pointer: '/type', code: 'INVALID_PARAMETER', detail: 'must be types of events' }]);
  }

  /** How far the feed goes, when there is something behind a position or no time left to wait for it. */
  private async awaited(scope: Scope, { after, types }: Wanted, milliseconds: number): Promise<FeedState> {
    const deadline = performance.now() + milliseconds;
    let looked = after;
    for (;;) {
      const state = await this.events.state();
      if (milliseconds === 0 || this.stopping || performance.now() >= deadline) return state;
      if (state.position > looked) {
        const range = { after: looked, until: state.position, types };
        if ((await this.events.page(scope, range, 1)).length) return state;
        looked = state.position;
      }
      while ((await this.engine.positions.current()) <= looked && !this.stopping && performance.now() < deadline)
        await wait(lookEveryMilliseconds);
    }
  }

  /** Chunks of whole lines. @returns position of the last line */
  private async *linesUntil(scope: Scope, range: FeedRange, linesLeft = Infinity): AsyncGenerator<string, bigint> {
    let last = range.after;
    for (let left = linesLeft; ; left -= pageEvents) {
      const eventsMax = Math.min(left, pageEvents);
      const page = await this.events.page(scope, { ...range, after: last }, eventsMax);
      last = page.at(-1)?.position ?? last;
      if (page.length) yield page.map(lineOf).join('');
      if (page.length < eventsMax || left <= pageEvents) return last;
    }
  }

  private async *followed(scope: Scope, { after, types }: Wanted, raw: ServerResponse): AsyncGenerator<string> {
    let last = after;
    while (!this.stopping && !raw.destroyed) {
      const reached = await this.engine.positions.current();
      if (reached > last) last = yield* this.linesUntil(scope, { after: last, until: reached, types });
      // What was reached need not be an event of this log; the next look starts from there all the same.
      if (reached > last) last = reached;
      await wait(lookEveryMilliseconds);
    }
  }
}

const ignore = (): void => undefined;

const ndjson = (lines: AsyncIterable<string>): StreamableFile =>
  new StreamableFile(Readable.from(lines, { objectMode: false }), { type: 'application/x-ndjson' });

const followedIsEndless = unprocessable([
  { pointer: '/follow', code: 'INVALID_PARAMETER', detail: 'goes on without end, so that wait and limit mean nothing' },
]);

const sayState = (reply: FastifyReply, { position, sequence, generation, quarantined }: FeedState): void =>
  void reply.headers({
    'casefold-position': String(position > 0n ? position : 0n),
    'casefold-sequence': sequence,
    'casefold-generation': String(generation),
    'casefold-quarantined': quarantined,
  });
