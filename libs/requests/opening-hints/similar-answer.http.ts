import { ApiProperty } from '@nestjs/swagger';
import { CommandAnswer } from '../../platform/http/command-answer.http';
import { RequestView } from '../read-models/request/request-view.http';

export class SimilarItem {
  @ApiProperty({ type: RequestView }) readonly request: RequestView;
  @ApiProperty({ description: 'whether it seems to tell of the same' }) readonly isProbableDuplicate: boolean;
  @ApiProperty({ type: Number, minimum: 0, maximum: 1, example: 0.83 }) readonly similarity: number;
  @ApiProperty({ description: 'a reason: it is the same customer’s' }) readonly isSameCustomer: boolean;
  @ApiProperty({ type: [String], description: 'a reason: of what was told, the words that it has too' })
  readonly words: readonly string[];
}

export class SimilarAnswer {
  @ApiProperty({ type: [SimilarItem], description: 'open ones, the most alike first' })
  readonly items: readonly SimilarItem[];
  @ApiProperty({ description: 'that were found alike, shown or not' }) readonly total: number;
  @ApiProperty({ description: 'there was no time to look at everything' }) readonly isPartial: boolean;
}

export class OpeningAnswer extends CommandAnswer {
  @ApiProperty({ type: SimilarAnswer, required: false, description: 'if asked for, and found in time' })
  readonly similar?: SimilarAnswer;
}
