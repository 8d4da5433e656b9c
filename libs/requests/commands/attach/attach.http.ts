import { Req } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { FastifyRequest } from 'fastify';
import { Attachments, TakenFile } from '../../../attachments/attachments.adapter';
import { fileNameIn } from '../../../attachments/file-name';
import { Outcome } from '../../../eventing/command-runner';
import { NotFound, Unavailable } from '../../../eventing/failures';
import { staffAndCustomer } from '../../../platform/auth/caller';
import { Problem } from '../../../platform/http/problem';
import { readQuery, wholeNumber } from '../../../platform/http/query-parameters';
import { BodyStream, StreamedBody, TakesStream } from '../../../platform/http/streamed-body';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { CommandTarget, RequestCommands } from '../../request-commands.handler';
import { attach } from './attach';

const revisionMax = 1_000_000;
const parameters = { about: wholeNumber(0, revisionMax) };

export class AttachCommand {
  constructor(
    readonly target: CommandTarget,
    readonly name: string,
    readonly about: number | null,
    readonly body: StreamedBody,
  ) {}
}

@RequestController()
export class AttachController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('attach', staffAndCustomer, 'attachments')
  @ApiOperation({ operationId: 'attachFile', summary: 'Adds a file, as the bytes of the body.' })
  @TakesStream()
  @ApiHeader({ name: 'Content-Disposition', required: true, description: `attachment; filename*=UTF-8''smoke.png` })
  @ApiQuery({
    name: 'about',
    required: false,
    schema: { type: 'integer', minimum: 0 },
    description: 'revision of the message that it came with',
  })
  attach(
    @Target() target: CommandTarget,
    @Req() { query }: FastifyRequest,
    @BodyStream() body: StreamedBody,
  ): Promise<Outcome> {
    const { about = null } = readQuery(query, parameters);
    const name = fileNameIn(body.disposition);
    if (name === undefined)
      throw new Problem('ATTACHMENT_UNNAMED', 'Content-Disposition names the file, in up to 200 characters.');
    return this.bus.execute(new AttachCommand(target, name, about, body));
  }
}

@CommandHandler(AttachCommand)
export class AttachHandler implements ICommandHandler<AttachCommand, Outcome> {
  constructor(
    private readonly requests: RequestCommands,
    private readonly attachments: Attachments,
  ) {}

  /** The bytes first, then the event that names them: a crash in between leaves bytes that nobody can find, which are swept. */
  async execute({ target, name, about, body }: AttachCommand): Promise<Outcome> {
    const { number, caller } = target;
    const state = await this.requests.load(number, caller);
    if (state.status === 'none') throw new NotFound();
    const { pieces, mediaType: claimedType } = body;
    const taken = await this.attachments.take({ number, person: state.customer, claimedType, pieces });
    const outcome = await this.record(target, name, about, taken).catch(async (error: unknown) => {
      // Perhaps the event stands: then the bytes must.
      const isUnknown = error instanceof Unavailable && error.outcome === 'unknown';
      if (!isUnknown) await this.attachments.remove({ number, sha256: taken.content.sha256 });
      throw error;
    });
    if (outcome.replayed) await this.attachments.remove({ number, sha256: taken.content.sha256 });
    return outcome;
  }

  private record(
    target: CommandTarget,
    name: string,
    about: number | null,
    { content, mediaType, scan, digest }: TakenFile,
  ): Promise<Outcome> {
    const by = target.caller.role === 'customer' ? 'customer' : 'staff';
    return this.requests.run(target, { name, about, mediaType, digest }, (state) =>
      attach({ name, about, mediaType, content, scan, by }, state),
    );
  }
}
