import { Injectable } from '@nestjs/common';
import { ServerResponse } from 'node:http';
import { Counter, Gauge } from 'prom-client';
import { filter, firstValueFrom, fromEvent, map, merge, timer } from 'rxjs';
import { bearerToken } from '../../../platform/auth/auth.guard';
import { Caller, Scope } from '../../../platform/auth/caller';
import { TokenRefused, TokenVerifier } from '../../../platform/auth/token-verifier';
import { Engine } from '../../../platform/engine/engine';
import { metrics } from '../../../platform/health/metrics';
import { Problem } from '../../../platform/http/problem';
import { whenClosed } from '../../../platform/http/when-closed';
import { ChangeFilter, concerns, heartbeat } from './change';
import { ChangeTail } from './change-tail.query';
import { ChangePage, ChangesQuery } from './changes.query';
import { StreamLimits } from './stream-limits';

/**
 * Everybody who follows the cases live.
 *
 * Guarantee: whoever comes back with the id of the last message they got misses nothing and gets nothing twice. A message is sent
 * when the read models have applied its event, never before. Memory for a reader is one page of messages, however slow they are:
 * messages are made when a reader takes them. Who takes nothing for a while, or falls behind what is kept, is cut off, and goes on
 * by the id. Not promised: that a cut is told in words; the end of the connection says it.
 */
export interface LiveReader {
  readonly caller: Caller;
  readonly authorization: string | undefined;
  readonly scope: Scope;
  readonly filter: ChangeFilter;
  readonly from: bigint;
  readonly raw: ServerResponse;
}

const readersNow = new Gauge({
  name: 'casefold_stream_readers',
  help: 'Readers who follow the cases live',
  registers: [metrics],
});
const cutOff = new Counter({
  name: 'casefold_stream_cut_off_total',
  help: 'Live readers whose connection was ended, by reason',
  labelNames: ['reason'],
  registers: [metrics],
});

const retryMilliseconds = 1_000;
const goodbye = (reason: string): string => `event: end\ndata: ${JSON.stringify({ reason })}\n\n`;

@Injectable()
export class LiveReaders {
  private readonly callers = new Map<string, number>();
  private count = 0;

  constructor(
    private readonly engine: Engine,
    private readonly tail: ChangeTail,
    private readonly changes: ChangesQuery,
    private readonly verifier: TokenVerifier,
    private readonly limits: StreamLimits,
  ) {}

  /** @throws Problem RATE_LIMITED when there are too many */
  open(reader: LiveReader): AsyncIterable<string> {
    const leave = this.enter(reader.caller.id);
    // Also when the connection is gone before the first message is asked for.
    whenClosed(reader.raw, leave);
    return this.watched(reader, this.messages(reader));
  }

  private enter(caller: string): () => void {
    const own = this.callers.get(caller) ?? 0;
    const { readersMax, readersOfOneCallerMax } = this.limits;
    if (this.count >= readersMax || own >= readersOfOneCallerMax)
      throw new Problem('RATE_LIMITED', `At most ${readersMax} read live at a time, ${readersOfOneCallerMax} of one.`, {
        headers: { 'retry-after': '60' },
      });
    this.callers.set(caller, own + 1);
    readersNow.set(++this.count);
    const leaveTail = this.tail.join();
    return () => {
      const left = (this.callers.get(caller) ?? 1) - 1;
      if (left) this.callers.set(caller, left);
      else this.callers.delete(caller);
      readersNow.set(--this.count);
      leaveTail();
    };
  }

  /** Cuts off a reader who does not take what is offered. */
  private async *watched({ raw }: LiveReader, messages: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const piece of messages) {
      const stalled = setTimeout(() => {
        cutOff.inc({ reason: 'stalled' });
        raw.destroy();
      }, this.limits.stalledMillisecondsMax);
      try {
        yield piece;
      } finally {
        clearTimeout(stalled);
      }
    }
  }

  private async *messages(reader: LiveReader): AsyncGenerator<string> {
    const { scope, raw } = reader;
    let at = reader.from;
    let isLive = false;
    yield `retry: ${retryMilliseconds}\n${heartbeat(at)}`;
    while (!this.tail.isStopping && !raw.destroyed) {
      const seen = this.tail.moves.value;
      const live = this.tail.since(at);
      if (!live && isLive) return cutOff.inc({ reason: 'behind' });
      isLive ||= live !== undefined;
      const { changes, reached } = live ?? (await this.missed(reader, at));
      const heard = changes.filter((change) => concerns(change, scope, reader.filter));
      if (!(await this.isBelieved(reader))) return yield goodbye('token-expired');
      if (heard.length) yield heard.map(({ toStaff, toCustomer }) => (scope.internal ? toStaff : toCustomer)).join('');
      const isQuiet = reached === at && (await this.quiet(raw, seen));
      at = reached;
      if (isQuiet) yield heartbeat(at);
    }
  }

  private async missed(reader: LiveReader, at: bigint): Promise<ChangePage> {
    const head = await this.engine.positions.current();
    if (head <= at) return { changes: [], reached: at };
    return this.changes.pageFor(reader.scope, reader.filter, at, head, this.limits.changesPerPage);
  }

  /** Waits until something happens that was not seen yet. @returns whether nothing has for long */
  private quiet(raw: ServerResponse, seen: number): Promise<boolean> {
    const moved = this.tail.moves.pipe(filter((move) => move !== seen));
    const something = merge(moved, fromEvent(raw, 'close')).pipe(map(() => false));
    const nothing = timer(this.limits.heartbeatMilliseconds).pipe(map(() => true));
    return firstValueFrom(merge(something, nothing));
  }

  /** A token is looked at again before everything that is sent: what it allowed ends with it. */
  private async isBelieved({ authorization }: LiveReader): Promise<boolean> {
    try {
      await this.verifier.verify(bearerToken(authorization));
      return true;
    } catch (error) {
      if (error instanceof TokenRefused) return false;
      throw error;
    }
  }
}
