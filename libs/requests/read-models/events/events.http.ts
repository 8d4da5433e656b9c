import { Controller, OnModuleDestroy, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiQuery } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { categoryOf, keyOf } from '../../../eventing/event';
import { Engine } from '../../../platform/engine/engine';
import { Problem } from '../../../platform/http/problem';
import { flag } from '../../../platform/http/query-parameters';
import { requestCategory } from '../../events';
import { Scope } from '../../permissions';
import { CallerScope, QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { EventsQuery, FeedEvent } from './events.query';

/**
 * The change feed: one JSON object a line, in the order of the log.
 *
 * Guarantee: whoever goes on after the position of the last whole line they have misses nothing and gets nothing twice. A reader
 * that is slow holds back its own pages only. Not promised: a last line that is whole when the connection breaks.
 */
const pageEvents = 500;
const lookEveryMilliseconds = 100;
const followersMax = 100;
const parameters = { follow: flag };

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
  return `${JSON.stringify({ ...line, recordedAt, occurredAt, actor, origin, data })}\n`;
};

/** Tells a follower that it is connected, before there is anything to tell; its connection is of no further use afterwards. */
const startAtOnce = (reply: FastifyReply): void => {
  void reply.header('connection', 'close');
  reply.raw.once('pipe', () => reply.raw.flushHeaders());
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

  @ReadRoute('', 'events')
  @ApiQuery({ name: 'follow', required: false, enum: ['true', 'false'], description: 'go on with what comes' })
  @ApiOkResponse({
    description:
      'an object a line: sequence, position, type, number (or stream), revision, id, times, actor, origin, data',
    content: { 'application/x-ndjson': { schema: { type: 'string' } } },
  })
  feed(
    @CallerScope() scope: Scope,
    @QueryOf(parameters) { after = -1n, follow = false }: ValuesOf<typeof parameters> & { readonly after?: bigint },
    @ReadPosition() position: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): StreamableFile {
    if (follow && this.followers >= followersMax)
      throw new Problem('RATE_LIMITED', `At most ${followersMax} follow the events at a time.`, {
        headers: { 'retry-after': '60' },
      });
    if (follow) startAtOnce(reply);
    const lines = follow ? this.followed(scope, after) : this.linesUntil(scope, after, BigInt(position));
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type: 'application/x-ndjson' });
  }

  /** Chunks of whole lines. @returns position of the last line */
  private async *linesUntil(scope: Scope, after: bigint, until: bigint): AsyncGenerator<string, bigint> {
    let last = after;
    for (;;) {
      const page = await this.events.page(scope, last, until, pageEvents);
      last = page.at(-1)?.position ?? last;
      if (page.length) yield page.map(lineOf).join('');
      if (page.length < pageEvents) return last;
    }
  }

  private async *followed(scope: Scope, after: bigint): AsyncGenerator<string> {
    this.followers++;
    try {
      let last = after;
      while (!this.stopping) {
        const reached = await this.engine.positions.current();
        if (reached > last) last = yield* this.linesUntil(scope, last, reached);
        // What was reached need not be an event of this log; the next look starts from there all the same.
        if (reached > last) last = reached;
        await wait(lookEveryMilliseconds);
      }
    } finally {
      this.followers--;
    }
  }
}
