import { ParseUUIDPipe } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Outcome } from '../eventing/command-runner';
import { malformed } from '../platform/http/problem';

/** What every command on a bulk job answers. */
export class BulkAnswer {
  @ApiProperty({ format: 'uuid' }) readonly id: string;
  @ApiProperty({ example: '0', description: 'revision of the job after the command' }) readonly revision: string;
  @ApiProperty({ example: '81745', description: 'to wait on with ?after=' }) readonly position: string;
  @ApiProperty({ type: [String], example: ['BulkStarted'], description: 'empty when it was already so' })
  readonly events: readonly string[];
}

export const bulkAnswer = (id: string, { revision, position, events }: Outcome): BulkAnswer => ({
  ...{ id, revision: String(revision), position: String(position > 0n ? position : 0n), events },
});

/** The id of a job in the path. */
export const bulkId = new ParseUUIDPipe({
  exceptionFactory: () => malformed('MALFORMED_REQUEST', 'The id of a job is a UUID.'),
});
