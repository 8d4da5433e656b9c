import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller, Scope, staff } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { RequestNumber } from '../../number.http';
import { KnownNumbers } from '../search/known-numbers.query';
import { NotFound } from '../../../eventing/failures';
import { DirectoryQuery } from '../directory/directory.query';
import { CallerScope, QueryOf, ReadPosition, ReadRoute } from '../read-route.http';
import { DraftsQuery } from './drafts.query';

const itemsMax = 50;

export class DraftView {
  @ApiProperty({ description: 'handle of who writes it' }) readonly by: string;
  @ApiProperty({ description: 'whether it is the caller’s own' }) readonly own: boolean;
  @ApiProperty({ type: 'integer', description: 'an answer names it to send it' }) readonly revision: number;
  @ApiProperty({ type: String, format: 'date-time' }) readonly savedAt: string;
  @ApiPropertyOptional({ description: 'of the caller’s own' }) readonly text?: string;
}

export class DraftsAnswer {
  @ApiProperty({ type: [DraftView], description: 'the last saved first' }) readonly items: readonly DraftView[];
  @ApiProperty() readonly total: number;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

@Controller('v1/requests')
export class DraftsController {
  constructor(
    private readonly engine: Engine,
    private readonly drafts: DraftsQuery,
    private readonly known: KnownNumbers,
    private readonly directory: DirectoryQuery,
  ) {}

  /** Who is writing an answer. What they write they alone are shown. */
  @ReadRoute(':number/drafts', staff)
  @ApiOperation({ operationId: 'getDrafts', summary: 'Who is writing an answer to it, and one’s own draft.' })
  @ApiOkResponse({ type: DraftsAnswer })
  async of(
    @CurrentCaller() caller: Caller,
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf({}) _query: object,
    @ReadPosition() position: string,
  ): Promise<DraftsAnswer> {
    const [known, { drafts }] = await Promise.all([this.known.among(scope, [number]), this.drafts.of(number)]);
    if (!known.length) throw new NotFound();
    const all = Object.entries(drafts).sort(([, left], [, right]) => right.revision - left.revision);
    const shown = all.slice(0, itemsMax);
    const [handles, text] = await Promise.all([
      this.directory.staffHandles(shown.map(([by]) => by)),
      this.engine.unsealer.open(drafts[caller.id]?.text, scope.personal),
    ]);
    const items = shown.map(([by, { revision, savedAt }]): DraftView => {
      const own = by === caller.id;
      return { by: handles.get(by) ?? by, own, revision, savedAt, ...(own && text !== undefined && { text }) };
    });
    return { items, total: all.length, position };
  }
}
