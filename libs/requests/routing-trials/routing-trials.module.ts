import { Module } from '@nestjs/common';
import { ConfigurationDocuments } from '../../configuration/configuration.handler';
import { RoutingTrials } from './routing-trials.handler';
import { RoutingTrialsController } from './routing-trials.http';

/** Routing tried on the past. Expects an `Engine`, a `Directory` and a `ConfigurationBook` from outside. */
@Module({ controllers: [RoutingTrialsController], providers: [RoutingTrials, ConfigurationDocuments] })
export class RoutingTrialsModule {}
