import {
  applyDecorators,
  createParamDecorator,
  ExecutionContext,
  HttpCode,
  ParseUUIDPipe,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiParam, ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { Allow } from '../platform/auth/auth.guard';
import { Caller } from '../platform/auth/caller';
import { CommandAnswer, CommandAnswerInterceptor } from '../platform/http/command-answer.http';
import { CommandHeaders } from '../platform/http/command-context';
import { commandHeaders } from '../platform/http/command-headers.http';
import { malformed } from '../platform/http/problem';
import { mayView } from './permissions';

/** What all commands on views share. */
export const nameLimit = { charactersMax: 100 } as const;
export const teamLimit = { charactersMax: 63 } as const;
const valuesMax = 20;

const isFilter = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length <= valuesMax &&
  Object.values(value).every((each) => typeof each === 'string');

/** Parameters of a list's query; what they may say the list itself knows. */
export const Filter = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'parameters of the list’s query, as they stand in one',
      example: { status: 'open,held', team: 'support' },
    }),
    ValidateBy({
      name: 'filter',
      validator: {
        validate: isFilter,
        defaultMessage: () => `must be an object of up to ${valuesMax} texts`,
      },
    }),
  );

export interface ViewTarget {
  readonly caller: Caller;
  readonly headers: CommandHeaders;
}

interface TargetedRequest {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export const Target = createParamDecorator((_: unknown, context: ExecutionContext): ViewTarget => {
  const { caller, headers } = context.switchToHttp().getRequest<TargetedRequest>();
  return { caller, headers: commandHeaders(headers) };
});

export const viewId = new ParseUUIDPipe({
  exceptionFactory: () => malformed('MALFORMED_REQUEST', 'The id of a view is a UUID.'),
});

export const ViewRoute = (verb: string): MethodDecorator =>
  applyDecorators(
    Post(`:id/${verb}`),
    HttpCode(200),
    Allow(...mayView),
    UseInterceptors(CommandAnswerInterceptor),
    ApiParam({ name: 'id', type: String, format: 'uuid' }),
    ApiHeader({ name: 'Idempotency-Key', required: false }),
    ApiHeader({ name: 'If-Match', required: false, description: 'the revision of the view, in quotes' }),
    ApiOkResponse({ type: CommandAnswer }),
  );
