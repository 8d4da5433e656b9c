import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Min } from 'class-validator';
import { Instant } from '../platform/http/instant';
import { Text } from '../platform/http/text';

const reasonCharactersMax = 1_000;

export class ActivateBody {
  /** Now, when it is left out. An instant of the past matters to cases of then that come later: an import. */
  @Instant({ optional: true }) readonly from?: string;
}

export class CorrectRevisionBody {
  @ApiProperty({ minimum: 1, description: 'the revision that was wrong all along' })
  @IsInt()
  @Min(1)
  readonly revision: number;

  @Text({ charactersMax: reasonCharactersMax })
  readonly reason: string;
}
