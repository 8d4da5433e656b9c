import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { MayBeAbsent } from '../platform/http/may-be-absent';
import { unprocessable } from '../platform/http/problem';
import { Text } from '../platform/http/text';
import { deliveryFailures, DeliveryFailure, DeliveryReport, detailCharactersMax, Sending } from './delivery';

const revisionMax = 1_000_000;
const outcomes = ['delivered', 'failed'] as const;

export class ReportDeliveryBody {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: revisionMax, description: 'revision of the message' })
  @IsInt()
  @Min(0)
  @Max(revisionMax)
  readonly message: number;

  @ApiProperty({ enum: outcomes })
  @IsIn(outcomes)
  readonly outcome: (typeof outcomes)[number];

  @ApiProperty({ enum: deliveryFailures, required: false, description: 'of what failed' })
  @MayBeAbsent()
  @IsIn(deliveryFailures)
  readonly reason?: DeliveryFailure;

  @ApiProperty({ required: false, default: false, description: 'of what failed: it is not tried again' })
  @MayBeAbsent()
  @IsBoolean()
  readonly final?: boolean;

  /** Of what failed: what the other end said. */
  @Text({ charactersMax: detailCharactersMax, optional: true })
  readonly detail?: string;
}

/** @throws Problem VALIDATION_FAILED for what does not belong to its outcome */
export const reportIn = ({ outcome, reason, final, detail }: ReportDeliveryBody): DeliveryReport => {
  if (outcome === 'delivered') {
    const wrong = Object.entries({ reason, final, detail }).filter(([, value]) => value !== undefined);
    if (wrong.length)
      throw unprocessable(
        wrong.map(([name]) => ({ pointer: `/${name}`, code: 'NOT_ALLOWED', detail: 'is for what failed' })),
      );
    return { outcome };
  }
  if (reason === undefined)
    throw unprocessable([{ pointer: '/reason', code: 'REQUIRED', detail: 'is required for what failed' }]);
  return { outcome, reason, isFinal: final ?? false, detail };
};

export class SendingView {
  @ApiProperty({ enum: ['waiting', 'delivered', 'failed'] }) readonly status: Sending['status'];
  @ApiProperty({ description: 'how often it was tried in vain' }) readonly attempts: number;
  @ApiProperty({ type: String, nullable: true, enum: deliveryFailures, description: 'why the last attempt failed' })
  readonly failure: DeliveryFailure | null;
}

export const sendingView = ({ status, attempts, failure }: Sending): SendingView => ({ status, attempts, failure });
