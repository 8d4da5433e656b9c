import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EraseController, EraseHandler } from './commands/erase/erase.http';
import { SegmentController, SegmentHandler } from './commands/segment/segment.http';
import { Erasure } from './processes/complete-erasure/complete-erasure.process';
import { CustomerRegistration } from './processes/register-customer/register-customer.process';

@Module({
  imports: [CqrsModule],
  controllers: [EraseController, SegmentController],
  providers: [EraseHandler, SegmentHandler, Erasure, CustomerRegistration],
  exports: [Erasure, CustomerRegistration],
})
export class CustomersModule {}
