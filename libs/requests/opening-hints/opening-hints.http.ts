import {
  applyDecorators,
  CallHandler,
  ExecutionContext,
  Injectable,
  NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { mergeMap, Observable } from 'rxjs';
import { Caller, scopeOf } from '../../platform/auth/caller';
import { CommandAnswer } from '../../platform/http/command-answer.http';
import { flag, readQuery } from '../../platform/http/query-parameters';
import { KnownCases } from '../known-cases.adapter';
import { OpeningAnswer, SimilarAnswer } from './similar-answer.http';
import { SimilarCases } from './similar-cases.handler';
import { itemsUsual } from './similar.http';

interface OpeningRequest {
  readonly query: { readonly similar?: unknown };
  readonly body: { readonly subject: string; readonly description: string };
  readonly caller: Caller;
}

/** Tells whoever opens a case, if they ask, which open ones may tell of the same. The case is open whatever comes of that. */
@Injectable()
class OpeningHints implements NestInterceptor<CommandAnswer, OpeningAnswer> {
  constructor(
    private readonly cases: KnownCases,
    private readonly similar: SimilarCases,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<CommandAnswer>): Observable<OpeningAnswer> {
    const request = context.switchToHttp().getRequest<OpeningRequest>();
    const { similar } = request.query;
    const isAsked = similar !== undefined && readQuery({ similar }, { similar: flag }).similar === true;
    if (!isAsked) return next.handle();
    return next.handle().pipe(
      mergeMap(async (answer) => {
        const hints = await this.hints(request, answer.number).catch(() => undefined);
        return { ...answer, ...(hints && { similar: hints }) };
      }),
    );
  }

  /** The read models may not have the case yet. */
  private async hints({ caller, body }: OpeningRequest, number: string): Promise<SimilarAnswer> {
    const { subject, description } = body;
    const { customer } = await this.cases.known(number, '');
    return this.similar.to(scopeOf(caller), { subject, description, customers: [customer], number }, itemsUsual);
  }
}

export const WithOpeningHints = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(OpeningHints),
    ApiQuery({ name: 'similar', required: false, description: 'true: with open requests that may tell of the same' }),
  );
