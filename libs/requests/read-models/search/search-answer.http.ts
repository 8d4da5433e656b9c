import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { RequestView } from '../request/request-view.http';
import { matchesMax } from './search-filter';

const numbers = { type: 'object', additionalProperties: { type: 'integer' } } as const;

export class SearchCounts {
  @ApiProperty({ ...numbers, example: { open: 12 } }) readonly status: Readonly<Record<string, number>>;
  @ApiProperty({ ...numbers, example: { P1: 3 } }) readonly priority: Readonly<Record<string, number>>;
  @ApiProperty({ ...numbers, description: 'by id; the empty one is nobody’s' })
  readonly team: Readonly<Record<string, number>>;
}

export class SearchAnswer {
  @ApiProperty({ type: [RequestView] }) readonly items: readonly RequestView[];
  @ApiProperty({ description: 'cases in all pages together' }) readonly total: number;
  @ApiProperty({ description: `there are more than the ${matchesMax} that are counted` })
  readonly totalIsAtLeast: boolean;
  @ApiPropertyOptional({
    type: SearchCounts,
    description: 'of the cases in total, if asked for and there are no more than are counted',
  })
  readonly counts?: SearchCounts | undefined;
  @ApiProperty({ type: [String], description: 'cases whose number differs by one slip of the finger' })
  readonly didYouMean: readonly string[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  readonly nextCursor: string | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}
