import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty } from '@nestjs/swagger';
import { NotFound } from '../../../eventing/failures';
import { Scope } from '../../../platform/auth/caller';
import { CallerScope, QueryOf } from '../../../platform/http/read-route.http';
import { CustomerId } from '../../command.http';
import { ErasureGround, erasureGrounds } from '../../events';
import { CustomerReadRoute } from '../read-route.http';
import { certificateDigest, countsOf } from './certificate';
import { CertificateQuery, CertifiedErasure } from './certificate.query';

const instant = { type: String, format: 'date-time' } as const;

export class ErasedStreamView {
  @ApiProperty({ example: 'request-CSR-7K3-M9Q-XA4' }) readonly stream: string;
  @ApiProperty({ description: 'of the newest event that is covered' }) readonly revision: string;
  @ApiProperty({ description: 'end of the chain of hashes up to there' }) readonly hash: string;
  @ApiProperty() readonly events: number;
  @ApiProperty({ description: 'that nobody can read any more' }) readonly texts: number;
}

export class RecordedCertificateView {
  @ApiProperty({ description: 'of the event in the customer’s stream' }) readonly revision: string;
  @ApiProperty(instant) readonly recordedAt: string;
  @ApiProperty() readonly digest: string;
}

export class CertificateView {
  @ApiProperty() readonly installation: string;
  @ApiProperty({ format: 'uuid' }) readonly customer: string;
  @ApiProperty({ enum: erasureGrounds }) readonly ground: ErasureGround;
  @ApiProperty({ description: 'id of a member of staff or of the customer, or name of a process' })
  readonly requestedBy: string;
  @ApiProperty(instant) readonly requestedAt: string;
  @ApiProperty({ ...instant, description: 'since when nothing could be read in the live system' })
  readonly keyDestroyedAt: string;
  @ApiProperty({ type: [ErasedStreamView] }) readonly streams: readonly ErasedStreamView[];
  @ApiProperty() readonly streamCount: number;
  @ApiProperty() readonly eventCount: number;
  @ApiProperty() readonly textCount: number;
  @ApiProperty({ description: 'of the event that records that the key is gone' }) readonly revision: string;
  @ApiProperty({ description: 'of that event, in the log as it stands' }) readonly position: string;
  @ApiProperty({ description: 'SHA-256 of the RFC 8785 form of installation to streams, made from the log just now' })
  readonly digest: string;
  @ApiProperty({ type: RecordedCertificateView, nullable: true, description: 'null in the first moments' })
  readonly recorded: RecordedCertificateView | null;
  @ApiProperty({ description: 'the log gives today what it gave when the certificate was recorded' })
  readonly isVerified: boolean;
}

const certificateView = ({ certificate, erased, recorded }: CertifiedErasure): CertificateView => {
  const digest = certificateDigest(certificate);
  const { streams, events, texts } = countsOf(certificate);
  return {
    ...certificate,
    streams: certificate.streams.map((each) => ({ ...each, revision: String(each.revision) })),
    ...{ streamCount: streams, eventCount: events, textCount: texts },
    ...{ revision: String(erased.revision), position: String(erased.position), digest },
    recorded: recorded
      ? {
          revision: String(recorded.revision),
          recordedAt: recorded.metadata.recordedAt,
          digest: recorded.data.digest,
        }
      : null,
    isVerified: recorded?.data.digest === digest,
  };
};

@Controller('v1/customers')
export class CertificateController {
  constructor(private readonly certificates: CertificateQuery) {}

  /** What the erasure of a customer has made unreadable, made anew from the log and held against what was recorded. */
  @CustomerReadRoute(':id/erasure-certificate', ['lead', 'auditor', 'admin', 'customer'])
  @ApiOperation({ operationId: 'getErasureCertificate', summary: 'What an erasure has made unreadable.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: CertificateView })
  async one(
    @CallerScope() { customer }: Scope,
    @CustomerId() id: string,
    @QueryOf({}) _query: object,
  ): Promise<CertificateView> {
    if (customer !== undefined && customer !== id) throw new NotFound();
    return certificateView(await this.certificates.of(id));
  }
}
