import { Body, Controller, Get, HttpCode, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsString, MaxLength, ValidateNested } from 'class-validator';
import { MayBeAbsent } from '../may-be-absent';
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { NotFound, RevisionMismatch, Unavailable } from '../../../eventing/failures';
import { Rejection } from '../../../eventing/rejection';
import { Allow, CurrentCaller, Public } from '../../auth/auth.guard';
import { AuthModule } from '../../auth/auth.module';
import type { Caller, Role } from '../../auth/caller';
import { OwnTokens, signToken } from '../../auth/token';
import { HealthChecks } from '../../health/health-checks';
import { HealthModule } from '../../health/health.module';
import { createHttpServer } from '../http-server';
import { flag, oneOf, readQuery, wholeNumber } from '../query-parameters';
import { RateLimit } from '../rate-limit';

class Person {
  @IsString() @MaxLength(10) readonly name: string;
}

class Sample {
  @IsString() readonly subject: string;
  @MayBeAbsent() @IsInt() readonly count?: number;
  @MayBeAbsent() @IsIn(['low', 'high']) readonly impact?: string;
  @MayBeAbsent() @ValidateNested() @Type(() => Person) readonly customer?: Person;
  @MayBeAbsent() @IsArray() @IsString({ each: true }) readonly tags?: string[];
}

const failures: Readonly<Record<string, () => Error>> = {
  rejection: () => new Rejection('REQUEST_NOT_OPEN', 'it is closed'),
  fields: () =>
    new Rejection('UNKNOWN_TEAM', 'no such team', [{ pointer: '/team', code: 'UNKNOWN', detail: 'is not known' }]),
  missing: () => new NotFound('case 42 of somebody else'),
  moved: () => new RevisionMismatch(7),
  unknown: () => new Unavailable('unknown', 'hunter2'),
  refused: () => Object.assign(new Error('connect ECONNREFUSED hunter2'), { code: 'ECONNREFUSED', syscall: 'connect' }),
  sql: () => Object.assign(new Error('duplicate key value (hunter2)'), { code: '23505', severity: 'ERROR' }),
  unbuilt: () => Object.assign(new Error('relation "request_v9" does not exist'), { code: '42P01', severity: 'ERROR' }),
  defect: () => new Error('hunter2'),
};

class Nothing {}

@Controller('v1')
class SampleController {
  @Post('samples')
  @HttpCode(200)
  @Allow('agent')
  post(@Body() body: Sample, @CurrentCaller() caller: Caller): object {
    return { body, caller };
  }

  @Post('nothing')
  @HttpCode(200)
  @Allow('agent')
  postNothing(@Body() body: Nothing): object {
    return { body, isNothing: body instanceof Nothing };
  }

  @Get('samples/:id')
  @Allow('agent', 'auditor')
  get(@Param('id') id: string): object {
    return { id };
  }

  @Get('samples')
  @Allow('agent')
  list(@Query() query: unknown): object {
    return readQuery(query, { limit: wholeNumber(1, 200), sort: oneOf('due', 'number'), open: flag });
  }

  @Get('failures/:kind')
  @Public()
  fail(@Param('kind') kind: string): never {
    throw failures[kind]?.() ?? new Error('no such failure');
  }
}

export interface SampleServer {
  readonly app: NestFastifyApplication;
  readonly port: number;
  readonly url: string;
  readonly logged: readonly string[];
  token(role: Role): Promise<string>;
}

/** A server as the real one is put together, with a few routes that serve to break it. */
export const startSample = async (
  options: { readonly checks?: HealthChecks; readonly perSecond?: number } = {},
): Promise<SampleServer> => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const authority = {
    key: { ...(await exportJWK(privateKey)), kid: 'k' },
    installation: randomUUID(),
    now: () => Date.now(),
  };
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => logged.push(line) });
  const auth = AuthModule.with(new OwnTokens(authority), new RateLimit(options.perSecond));
  class SampleModule {}
  Module({
    imports: [auth, HealthModule.with(options.checks ?? new HealthChecks([]))],
    controllers: [SampleController],
  })(SampleModule);
  const app = await createHttpServer(SampleModule, { log });
  await app.listen(0, '127.0.0.1');
  const token = (role: Role) => signToken({ id: `${role}-1`, role }, authority);
  const url = await app.getUrl();
  return { app, port: Number(new URL(url).port), url, logged, token };
};
