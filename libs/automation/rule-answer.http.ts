import { CallHandler, ExecutionContext, Injectable, NestInterceptor, PipeTransform } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { map, Observable } from 'rxjs';
import { Outcome } from '../eventing/command-runner';
import { malformed } from '../platform/http/problem';

/** What every command on a rule answers. Its revision is that of all rules: there is one order for all of them. */
export class RuleAnswer {
  @ApiProperty({ example: 'close-quiet' }) readonly id: string;
  @ApiProperty({ example: '3', description: 'revision of all rules together after the command' })
  readonly revision: string;
  @ApiProperty({ example: '81745', description: 'to wait on with ?after=' }) readonly position: string;
  @ApiProperty({ type: [String], example: ['RuleEnabled'], description: 'empty when it was already so' })
  readonly events: readonly string[];
}

/** Turns an outcome into the answer and its headers. */
@Injectable()
export class RuleAnswerInterceptor implements NestInterceptor<Outcome, RuleAnswer> {
  intercept(context: ExecutionContext, next: CallHandler<Outcome>): Observable<RuleAnswer> {
    const http = context.switchToHttp();
    const { id } = http.getRequest<{ readonly params: { readonly id: string } }>().params;
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(map((outcome) => answer(id, outcome, reply)));
  }
}

const answer = (id: string, { revision, position, events, replayed }: Outcome, reply: FastifyReply): RuleAnswer => {
  const reached = String(position > 0n ? position : 0n);
  void reply.header('etag', `"${revision}"`).header('casefold-position', reached);
  if (replayed) void reply.header('idempotency-replayed', 'true');
  return { id, revision: String(revision), position: reached, events };
};

const idPattern = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The id of a rule in the path. */
@Injectable()
class RuleIdPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    if (idPattern.test(text)) return text;
    throw malformed('MALFORMED_REQUEST', 'An id has up to 40 lower-case letters, digits and dashes.');
  }
}

export const ruleId = new RuleIdPipe();
