import { CallHandler, ExecutionContext, Injectable, NestInterceptor } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { map, Observable } from 'rxjs';
import { Outcome } from '../../eventing/command-runner';
import { keyOf } from '../../eventing/event';

/** What every command on a case answers. */
export class CommandAnswer {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: '3', description: 'revision of the case after the command' }) readonly revision: string;
  @ApiProperty({ example: '81745', description: 'to wait on with ?after=' }) readonly position: string;
  @ApiProperty({ type: [String], example: ['RequestAssigned'], description: 'empty when it was already so' })
  readonly events: readonly string[];
}

const nothing = -1n;

/** Turns an outcome into the answer and its headers. */
@Injectable()
export class CommandAnswerInterceptor implements NestInterceptor<Outcome, CommandAnswer> {
  intercept(context: ExecutionContext, next: CallHandler<Outcome>): Observable<CommandAnswer> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((outcome) => answer(outcome, reply)));
  }
}

const answer = ({ stream, revision, position, events, replayed }: Outcome, reply: FastifyReply): CommandAnswer => {
  void reply.header('etag', `"${revision}"`);
  if (replayed) void reply.header('idempotency-replayed', 'true');
  if (position > nothing) void reply.header('casefold-position', String(position));
  return {
    number: keyOf(stream),
    revision: String(revision),
    position: String(position > nothing ? position : 0n),
    events,
  };
};
