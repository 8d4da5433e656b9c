import { applyDecorators, createParamDecorator, ExecutionContext, Injectable, PipeTransform } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { meanings } from '../../../eventing/projections/as-of';
import { unprocessable } from '../../../platform/http/problem';
import { oneOf, Parameter, parseInstantOfAddress, readQuery } from '../../../platform/http/query-parameters';
import { AsOf, AsOfQuery, NotYet, Point } from './as-of.query';

/** `?asOf=` and `?meaning=`: an answer about the past, which stays as it is however often it is asked. */
const point: Parameter<Point> = (text) => {
  if (/^\d{1,15}$/.test(text)) return { sequence: Number(text) };
  const instant = parseInstantOfAddress(text);
  if (instant === null)
    throw new RangeError('must be a sequence, or an RFC 3339 instant with an offset such as 2026-03-31T09:00:00Z');
  return { instant };
};

export const asOfParameters = { asOf: point, meaning: oneOf(...meanings) };
/** For what was written down there is one meaning only. */
export const recordedAsOfParameters = { asOf: point };

interface Asked {
  readonly query: unknown;
  readonly reply: FastifyReply;
}

const asked = createParamDecorator((_: unknown, context: ExecutionContext): Asked => {
  const http = context.switchToHttp();
  return { query: http.getRequest<{ query: unknown }>().query, reply: http.getResponse<FastifyReply>() };
});

const wrong = (name: string, detail: string) =>
  unprocessable([{ pointer: `/${name}`, code: 'INVALID_PARAMETER', detail }]);

/** Says in the headers what the point stands for. */
@Injectable()
export class AsOfPipe implements PipeTransform<Asked, Promise<AsOf | undefined>> {
  constructor(private readonly asOf: AsOfQuery) {}

  /** @returns undefined when the present is asked for */
  async transform({ query, reply }: Asked): Promise<AsOf | undefined> {
    const { asOf, meaning } = Object(query);
    if (asOf === undefined && meaning === undefined) return undefined;
    const values = readQuery(
      { ...(asOf === undefined ? {} : { asOf }), ...(meaning === undefined ? {} : { meaning }) },
      asOfParameters,
    );
    if (!values.asOf) throw wrong('meaning', 'has a meaning only with asOf');
    try {
      const resolved = await this.asOf.resolve(values.asOf, values.meaning ?? 'recorded', new Date());
      void reply.header('casefold-as-of', nameOf(resolved));
      return resolved;
    } catch (error) {
      if (error instanceof NotYet) throw wrong('asOf', `lies ahead: ${error.message}`);
      throw error;
    }
  }
}

const nameOf = ({ cut }: AsOf): string =>
  cut.meaning === 'recorded' ? String(cut.sequence) : new Date(cut.instant).toISOString();

/** The point in the past that is asked for. Needs `AsOfQuery` in the controller's module. */
export const AsOfPoint = (): ParameterDecorator => asked(AsOfPipe);

const described = {
  name: 'asOf',
  required: false,
  description:
    'as of a sequence or an RFC 3339 instant in the past; the header Casefold-As-Of says what it was taken for',
} as const;

export const ApiAsOf = (): MethodDecorator =>
  applyDecorators(
    ApiQuery(described),
    ApiQuery({
      name: 'meaning',
      required: false,
      enum: meanings,
      description:
        'recorded: what was known then, as it was answered then; true: what had happened by then, with every correction made since',
    }),
  );

export const ApiRecordedAsOf = (): MethodDecorator => ApiQuery(described);
