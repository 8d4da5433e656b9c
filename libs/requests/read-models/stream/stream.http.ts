import { Controller, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { parseNumber } from '../../../case-numbers/parse-number';
import { Caller, readersAndCustomer, scopeOf } from '../../../platform/auth/caller';
import { CurrentCaller } from '../../../platform/auth/auth.guard';
import { Engine } from '../../../platform/engine/engine';
import { Problem } from '../../../platform/http/problem';
import { position as positionOf, shortText, someOf } from '../../../platform/http/query-parameters';
import { requestEventTypes } from '../../events';
import { numberSpace } from '../../number.http';
import { DirectoryQuery } from '../directory/directory.query';
import { QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { ChangeFilter } from './change';
import { LiveReaders } from './live-readers.http';

const parameters = { number: shortText(80), team: shortText(80), type: someOf(Object.keys(requestEventTypes).sort()) };
type Query = ValuesOf<typeof parameters> & { readonly after?: bigint };

@Controller('v1/stream')
export class StreamController {
  constructor(
    private readonly engine: Engine,
    private readonly directory: DirectoryQuery,
    private readonly readers: LiveReaders,
  ) {}

  @ReadRoute('', readersAndCustomer)
  @ApiOperation({ operationId: 'streamChanges', summary: 'What happens to the cases one may see, as it happens.' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'go on after this position; wins over `after`' })
  @ApiQuery({ name: 'number', required: false, description: 'of this case only' })
  @ApiQuery({ name: 'team', required: false, description: 'handle or id: of cases that this team has, gets or gives' })
  @ApiQuery({ name: 'type', required: false, example: 'RequestAssigned,RequestHeld', description: 'types of events' })
  @ApiOkResponse({
    description:
      'server-sent events: the id is a position, the data an object with number, revision, type, sequence, position and times',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  async stream(
    @CurrentCaller() caller: Caller,
    @QueryOf(parameters) query: Query,
    @ReadPosition() now: string,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const from = lastEventOf(headers['last-event-id']) ?? query.after ?? BigInt(now);
    const filter = await this.filterOf(query);
    const messages = this.readers.open({
      ...{ caller, scope: scopeOf(caller), filter, from, raw: reply.raw },
      authorization: headers.authorization,
    });
    // The connection is of no further use afterwards; proxies must not collect what is meant for now.
    void reply.headers({ connection: 'close', 'x-accel-buffering': 'no' });
    return new StreamableFile(Readable.from(messages, { objectMode: false }), { type: 'text/event-stream' });
  }

  private async filterOf({ number, team, type }: Query): Promise<ChangeFilter> {
    const teamId = team === undefined ? undefined : await this.directory.teamId(team);
    return { number: this.exact(number), team: teamId, types: type };
  }

  private exact(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const parsed = parseNumber(text, numberSpace(this.engine.installation));
    if (parsed.ok) return parsed.number;
    throw wrongValue('/number', 'must be the number of a case');
  }
}

const wrongValue = (pointer: string, detail: string): Problem =>
  new Problem('VALIDATION_FAILED', `A value is wrong: ${detail}.`, {
    errors: [{ pointer, code: 'INVALID_PARAMETER', detail }],
  });

const lastEventOf = (header: string | readonly string[] | undefined): bigint | undefined => {
  // Browsers send it empty before the first message.
  if (header === undefined || header === '') return undefined;
  try {
    return positionOf(String(header));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Problem('MALFORMED_REQUEST', `Last-Event-ID ${error.message}.`);
  }
};
