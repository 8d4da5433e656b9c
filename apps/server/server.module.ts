import { DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ConfigurationModule } from '../../libs/configuration/configuration.module';
import { CustomerReadModelsModule } from '../../libs/customers/read-models/customer-read-models.module';
import { CustomersModule } from '../../libs/customers/customers.module';
import { AutomationModule } from '../../libs/automation/automation.module';
import { BulkModule } from '../../libs/bulk/bulk.module';
import { ExceptionsModule } from '../../libs/exceptions/exceptions.module';
import { AuthModule } from '../../libs/platform/auth/auth.module';
import { TokenVerifier } from '../../libs/platform/auth/token-verifier';
import { HealthModule } from '../../libs/platform/health/health.module';
import { HealthChecks } from '../../libs/platform/health/health-checks';
import { RateLimit } from '../../libs/platform/http/rate-limit';
import { BacktestsModule } from '../../libs/requests/backtests/backtests.module';
import { RoutingTrialsModule } from '../../libs/requests/routing-trials/routing-trials.module';
import { ReadModelsModule } from '../../libs/requests/read-models/read-models.module';
import { RequestCommandsModule } from '../../libs/requests/request-commands.module';
import { ServiceLevelsModule } from '../../libs/service-levels/service-levels.module';
import { TeamsModule } from '../../libs/teams/teams.module';
import { TemplatesModule } from '../../libs/templates/templates.module';
import { ViewsModule } from '../../libs/views/views.module';
import { Adapters } from '../adapters';
import { EngineModule } from './engine.module';

export interface ServerOptions {
  readonly adapters: Adapters;
  readonly verifier: TokenVerifier;
  readonly rateLimit: RateLimit;
  readonly checks: HealthChecks;
}

/** Everything that answers over HTTP. */
@Module({})
export class ServerModule {
  static with({ adapters, verifier, rateLimit, checks }: ServerOptions): DynamicModule {
    return {
      module: ServerModule,
      imports: [
        CqrsModule.forRoot(),
        EngineModule.with(adapters),
        AuthModule.with(verifier, rateLimit),
        HealthModule.with(checks),
        RequestCommandsModule,
        ReadModelsModule,
        CustomersModule,
        CustomerReadModelsModule,
        ServiceLevelsModule,
        BacktestsModule,
        ExceptionsModule,
        ConfigurationModule,
        TeamsModule,
        BulkModule,
        TemplatesModule,
        ViewsModule,
        RoutingTrialsModule,
        AutomationModule,
      ],
    };
  }
}
