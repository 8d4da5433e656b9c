import { Module } from '@nestjs/common';
import { CertificateController } from './certificate/certificate.http';
import { CertificateQuery } from './certificate/certificate.query';
import { ExportController } from './export/export.http';
import { ExportQuery } from './export/export.query';
import { CustomersController } from './list/list.http';
import { CustomersQuery } from './list/list.query';
import { OverviewController } from './overview/overview.http';
import { OverviewQuery } from './overview/overview.query';
import { RetentionController } from './retention/retention.http';
import { RetentionQuery } from './retention/retention.query';

/** Every route that reads customers. Expects an `Engine` and a `ContactIndex` from outside. */
@Module({
  controllers: [CustomersController, OverviewController, ExportController, CertificateController, RetentionController],
  providers: [CustomersQuery, OverviewQuery, ExportQuery, CertificateQuery, RetentionQuery],
})
export class CustomerReadModelsModule {}
