import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ConsentController, GiveConsentHandler, WithdrawConsentHandler } from './commands/consent/consent.http';
import {
  AddContactPointHandler,
  ContactPointsController,
  PreferContactPointHandler,
  RemoveContactPointHandler,
} from './commands/contact-points/contact-points.http';
import { AgreeContractHandler, ContractController, EndContractHandler } from './commands/contract/contract.http';
import { EraseController, EraseHandler } from './commands/erase/erase.http';
import {
  LegalHoldController,
  PlaceLegalHoldHandler,
  ReleaseLegalHoldHandler,
} from './commands/legal-hold/legal-hold.http';
import { MergeController, MergeHandler, UnmergeHandler } from './commands/merge/merge.http';
import { Merging } from './commands/merge/merging.handler';
import {
  JoinOrganisationHandler,
  LeaveOrganisationHandler,
  OrganisationController,
} from './commands/organisation/organisation.http';
import { PreferencesController, StatePreferencesHandler } from './commands/preferences/state-preferences.http';
import { RectifyController, RectifyHandler } from './commands/rectify/rectify.http';
import { RegisterController, RegisterHandler } from './commands/register/register.http';
import {
  LiftRestrictionHandler,
  RestrictionController,
  RestrictProcessingHandler,
} from './commands/restriction/restriction.http';
import { RetentionCommandsController, RetentionHandler } from './commands/retention/retention.http';
import { SegmentController, SegmentHandler } from './commands/segment/segment.http';
import { CustomerCommands } from './customer-commands.handler';
import { KnownAddresses } from './known-addresses.handler';
import { Erasure } from './processes/complete-erasure/complete-erasure.process';

/** The write side of customers. */
@Module({
  imports: [CqrsModule],
  controllers: [
    RegisterController,
    SegmentController,
    ContactPointsController,
    PreferencesController,
    ConsentController,
    RectifyController,
    ContractController,
    OrganisationController,
    MergeController,
    LegalHoldController,
    RestrictionController,
    EraseController,
    RetentionCommandsController,
  ],
  providers: [
    ...[CustomerCommands, KnownAddresses, Merging, Erasure],
    ...[RegisterHandler, SegmentHandler, StatePreferencesHandler, RectifyHandler],
    ...[AddContactPointHandler, RemoveContactPointHandler, PreferContactPointHandler],
    ...[GiveConsentHandler, WithdrawConsentHandler],
    ...[AgreeContractHandler, EndContractHandler],
    ...[JoinOrganisationHandler, LeaveOrganisationHandler],
    ...[MergeHandler, UnmergeHandler],
    ...[RestrictProcessingHandler, LiftRestrictionHandler],
    ...[PlaceLegalHoldHandler, ReleaseLegalHoldHandler, EraseHandler, RetentionHandler],
  ],
})
export class CustomersModule {}
