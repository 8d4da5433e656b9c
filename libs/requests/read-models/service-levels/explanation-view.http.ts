import { ApiProperty } from '@nestjs/swagger';
import { PAUSES } from '../../../service-levels/policy';
import { ExplainedInterval } from '../../../service-levels/explain';
import { ExplainedClock } from './explanation';
import { HeldBy, HeldPart, HolderKind, holders } from './held-by';

const instant = { type: String, format: 'date-time' } as const;

export class NamedRevision {
  @ApiProperty({ example: 'standard' }) readonly id: string;
  @ApiProperty({ example: 1 }) readonly revision: number;
}

export class EventRefView {
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty({ example: 'RequestHeld' }) readonly type: string;
}

export class ExplainedIntervalView {
  @ApiProperty(instant) readonly from: string;
  @ApiProperty({ ...instant, description: 'now, while it lasts' }) readonly to: string;
  @ApiProperty({ description: 'it lasts' }) readonly open: boolean;
  @ApiProperty({ enum: ['running', 'held', 'ended', 'superseded', 'absorbed'] })
  readonly cause: ExplainedInterval['cause'];
  @ApiProperty({ enum: PAUSES, nullable: true }) readonly pausedBy: ExplainedInterval['pausedBy'];
  @ApiProperty({ description: 'that count' }) readonly countedSeconds: number;
  @ApiProperty({ description: 'by its calendar, whether they count or not' }) readonly calendarSeconds: number;
  @ApiProperty({ description: 'by the clock on the wall' }) readonly wallSeconds: number;
  @ApiProperty({ type: NamedRevision }) readonly calendar: NamedRevision;
  @ApiProperty({ type: NamedRevision }) readonly policy: NamedRevision;
  @ApiProperty({ type: EventRefView }) readonly startedBy: EventRefView;
  @ApiProperty({ type: EventRefView, nullable: true }) readonly endedBy: EventRefView | null;
}

export class HeldPartView implements HeldPart {
  @ApiProperty({ enum: holders }) readonly holder: HolderKind;
  @ApiProperty({ type: String, nullable: true, description: 'of the agent or team' }) readonly id: string | null;
  @ApiProperty() readonly countedSeconds: number;
  @ApiProperty({ description: 'during which the clock stood still' }) readonly pausedSeconds: number;
}

export class HeldByView implements HeldBy {
  @ApiProperty({ type: [HeldPartView] }) readonly parts: readonly HeldPartView[];
  @ApiProperty() readonly outsideHoursSeconds: number;
  @ApiProperty({ description: 'sum of the parts, and what has elapsed' }) readonly countedSeconds: number;
  @ApiProperty() readonly pausedSeconds: number;
  @ApiProperty({ description: 'counted, paused and outside hours together' }) readonly wallSeconds: number;
}

export class ExplanationView {
  @ApiProperty({ example: 'resolution' }) readonly metric: string;
  @ApiProperty() readonly cycle: number;
  @ApiProperty({ type: [ExplainedIntervalView] }) readonly intervals: readonly ExplainedIntervalView[];
  @ApiProperty({ description: 'sum of what counts' }) readonly elapsedSeconds: number;
  @ApiProperty({ description: 'of the calendar, during which it stood still' }) readonly pausedSeconds: number;
  @ApiProperty({ type: HeldByView }) readonly heldBy: HeldByView;
  @ApiProperty({ type: [String], description: 'the same, to be read' }) readonly sentences: readonly string[];
}

const iso = (at: number): string => new Date(at).toISOString();

const intervalView = (interval: ExplainedInterval): ExplainedIntervalView => {
  const { from, to, isOpen, cause, pausedBy, countedSeconds, calendarSeconds, wallSeconds, ...more } = interval;
  const { calendar, policy, startedBy, endedBy } = more;
  const ref = ({ revision, type }: typeof startedBy): EventRefView => ({ revision: String(revision), type });
  return {
    ...{ from: iso(from), to: iso(to), open: isOpen, cause, pausedBy, countedSeconds, calendarSeconds, wallSeconds },
    ...{ calendar, policy, startedBy: ref(startedBy), endedBy: endedBy && ref(endedBy) },
  };
};

export const explanationView = ({ clock, intervals, elapsedSeconds, pausedSeconds, ...more }: ExplainedClock) => ({
  ...{ metric: clock.metric, cycle: clock.cycle, elapsedSeconds, pausedSeconds },
  intervals: intervals.map(intervalView),
  ...{ heldBy: more.heldBy, sentences: more.sentences },
});
