import { type DynamicModule, Module } from '@nestjs/common';
import { HealthController } from './health.http';
import { HealthChecks } from './health-checks';

@Module({})
export class HealthModule {
  static with(checks: HealthChecks): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [{ provide: HealthChecks, useValue: checks }],
    };
  }
}
