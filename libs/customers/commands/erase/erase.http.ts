import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { streamOf } from '../../../eventing/event';
import { leads } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { contextOf } from '../../../platform/http/command-context';
import { CustomerController, CustomerVerb, Target } from '../../command.http';
import { customerEvolution, onLegalHold, requestErasure } from '../../customer';
import { CustomerCommand, CustomerTarget } from '../../customer-commands.handler';
import { customerCategory, ErasureGround, erasureGrounds } from '../../events';
import { CustomerIdentity } from '../../identity.adapter';
import { Erasure } from '../../processes/complete-erasure/complete-erasure.process';

export class EraseBody {
  @ApiProperty({ enum: erasureGrounds })
  @IsIn(erasureGrounds)
  readonly ground: ErasureGround;
}

export class KeptCustomer {
  @ApiProperty({ format: 'uuid' }) readonly customer: string;
  @ApiProperty({ example: 'CUSTOMER_ON_LEGAL_HOLD', description: 'why' }) readonly code: string;
}

/** What an erasure did. */
export class ErasureAnswer {
  @ApiProperty({ format: 'uuid' }) readonly customer: string;
  @ApiProperty({
    format: 'date-time',
    description: 'since when nothing about this person can be read in the live system',
  })
  readonly keyDestroyedAt: string;
  @ApiProperty({
    type: [String],
    description: 'ids of all records that are erased: this one, and those that are merged with it',
  })
  readonly erased: readonly string[];
  @ApiProperty({ type: [KeptCustomer], description: 'records that are merged with it and could not be erased' })
  readonly kept: readonly KeptCustomer[];
  @ApiProperty() readonly position: string;
}

export class EraseCommand extends CustomerCommand<EraseBody> {}

@CustomerController()
export class EraseController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerVerb('erase', leads)
  @ApiOperation({ operationId: 'eraseCustomer', summary: 'Makes everything about one person unreadable for ever.' })
  @ApiOkResponse({ type: ErasureAnswer })
  erase(@Target() target: CustomerTarget, @Body() body: EraseBody): Promise<ErasureAnswer> {
    return this.bus.execute(new EraseCommand(target, body));
  }
}

@CommandHandler(EraseCommand)
export class EraseHandler implements ICommandHandler<EraseCommand, ErasureAnswer> {
  constructor(
    private readonly engine: Engine,
    private readonly erasure: Erasure,
    private readonly identity: CustomerIdentity,
  ) {}

  /** The wish first, then the keys, then the proof: a crash in between is finished by the process `complete-erasure`. */
  async execute({ target: { id, caller, headers }, body }: EraseCommand): Promise<ErasureAnswer> {
    const context = contextOf({ caller, target: streamOf(customerCategory, id), headers, now: this.engine.now() });
    const holds = await this.holdsOnOthers(id);
    await this.engine.runner.execute({
      ...{ evolution: customerEvolution(id), key: id, expects: 'existing' as const, body, context },
      decide: (state) => {
        if (state.status === 'active' && holds.length) throw onLegalHold(holds);
        return requestErasure(body, state);
      },
    });
    const { commandId: cause, correlationId } = context;
    const { erased, kept } = await this.erasure.completePerson({ customer: id, ...body, cause, correlationId });
    const [own] = erased;
    if (!own) throw new Error('an erasure has erased nobody');
    const position = erased.reduce((last, each) => (each.position > last ? each.position : last), own.position);
    return {
      ...{ customer: id, keyDestroyedAt: own.keyDestroyedAt, kept },
      erased: erased.map(({ customer }) => customer),
      position: String(position),
    };
  }

  /** Nobody is erased in part: a hold on one record holds all that are merged with it. */
  private async holdsOnOthers(id: string): Promise<readonly string[]> {
    const others = (await this.identity.sameAs(id)).filter((each) => each !== id);
    const states = await Promise.all(others.map((each) => this.engine.runner.load(customerEvolution(each), each)));
    return states.flatMap(({ state }) => (state.status === 'active' ? state.holds : []));
  }
}
