import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { FastifyRequest } from 'fastify';
import { streamOf } from '../../../eventing/event';
import { Allow, CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { BulkAnswer, bulkAnswer, bulkId } from '../../bulk-answer.http';
import { Bulk, bulkEvolution, cancelBulk } from '../../bulk';
import { bulkCategory, BulkEvent } from '../../events';
import { mayBulk } from '../../permissions';

export class CancelBulkBody {}

export class CancelBulkCommand {
  constructor(
    readonly id: string,
    readonly caller: Caller,
    readonly headers: CommandHeaders,
  ) {}
}

@Controller('v1/bulk')
@ApiTags('bulk')
export class CancelBulkController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':id/cancel')
  @ApiOperation({ operationId: 'cancelBulk', summary: 'Leaves alone what a job has not come to yet.' })
  @HttpCode(200)
  @Allow(...mayBulk)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiOkResponse({ type: BulkAnswer })
  cancel(
    @Param('id', bulkId) id: string,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Body() _body: CancelBulkBody,
  ): Promise<BulkAnswer> {
    return this.bus.execute(new CancelBulkCommand(id.toLowerCase(), caller, commandHeaders(request.headers)));
  }
}

@CommandHandler(CancelBulkCommand)
export class CancelBulkHandler implements ICommandHandler<CancelBulkCommand, BulkAnswer> {
  constructor(private readonly engine: Engine) {}

  async execute({ id, caller, headers }: CancelBulkCommand): Promise<BulkAnswer> {
    const context = contextOf({ caller, target: streamOf(bulkCategory, id), headers, now: this.engine.now() });
    const outcome = await this.engine.runner.execute<Bulk, BulkEvent>({
      ...{ evolution: bulkEvolution, key: id, expects: 'existing', body: { verb: 'cancel' }, context },
      decide: (state) => cancelBulk({ by: caller.id }, state),
    });
    return bulkAnswer(id, outcome);
  }
}
