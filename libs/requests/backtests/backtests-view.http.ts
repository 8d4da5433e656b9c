import { ApiProperty } from '@nestjs/swagger';
import { Change, Counts, Group, Side } from './backtest';
import { Job } from './backtest-jobs.handler';
import { BacktestProgress, BacktestResult, Manifest } from './run-backtest.adapter';

const statuses = ['met', 'missed', 'breached', 'running', 'paused', 'cancelled'] as const;

export class CountsAnswer implements Counts {
  @ApiProperty() readonly met: number;
  @ApiProperty() readonly missed: number;
  @ApiProperty({ description: 'runs on, and its target is exceeded' }) readonly breached: number;
  @ApiProperty() readonly running: number;
  @ApiProperty() readonly paused: number;
  @ApiProperty() readonly cancelled: number;
}

export class GroupAnswer implements Group {
  @ApiProperty({ example: 'incident' }) readonly type: string;
  @ApiProperty({ type: String, nullable: true, description: 'id of the team that has the cases in the end' })
  readonly team: string | null;
  @ApiProperty({ example: 'P1' }) readonly priority: string;
  @ApiProperty({ example: 'first-response' }) readonly metric: string;
  @ApiProperty({ type: CountsAnswer, description: 'clocks, as they were judged' }) readonly before: CountsAnswer;
  @ApiProperty({ type: CountsAnswer, description: 'clocks, as they would have been' }) readonly after: CountsAnswer;
  @ApiProperty({ description: 'clocks with another verdict' }) readonly changed: number;
}

export class SideAnswer implements Side {
  @ApiProperty({ enum: statuses }) readonly status: Side['status'];
  @ApiProperty({ description: 'seconds left of the target; less than 0 when it was exceeded' })
  readonly remainingSeconds: number;
}

export class ChangeAnswer implements Change {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: 'resolution' }) readonly metric: string;
  @ApiProperty({ example: 1 }) readonly cycle: number;
  @ApiProperty({ type: SideAnswer, nullable: true, description: 'null: there was no such clock' })
  readonly before: SideAnswer | null;
  @ApiProperty({ type: SideAnswer, nullable: true, description: 'null: there would be no such clock' })
  readonly after: SideAnswer | null;
}

export class ManifestAnswer implements Manifest {
  @ApiProperty({ description: 'the last event of the log that was read' }) readonly sequence: number;
  @ApiProperty({ type: String, format: 'date-time', description: 'clocks that run are judged as of then' })
  readonly at: string;
  @ApiProperty({ type: String, format: 'date-time' }) readonly from: string;
  @ApiProperty({ type: String, format: 'date-time' }) readonly to: string;
  @ApiProperty({ description: 'version of the engine that judged' }) readonly engine: number;
  @ApiProperty({ example: 'gold@0', description: 'revision 0: not in the book' }) readonly policy: string;
  @ApiProperty({ type: [String] }) readonly calendars: readonly string[];
  @ApiProperty({ description: 'digests of what the policy and the calendars say' }) readonly terms: string;
}

export class BacktestResultAnswer implements BacktestResult {
  @ApiProperty({ type: ManifestAnswer }) readonly manifest: ManifestAnswer;
  @ApiProperty() readonly cases: number;
  @ApiProperty() readonly changedCases: number;
  @ApiProperty() readonly changedClocks: number;
  @ApiProperty({ type: [GroupAnswer] }) readonly groups: readonly GroupAnswer[];
  @ApiProperty({ type: [ChangeAnswer], description: 'the first ones, by number' })
  readonly changes: readonly ChangeAnswer[];
}

export class ProgressAnswer implements BacktestProgress {
  @ApiProperty({ enum: ['reading', 'judging'] }) readonly phase: BacktestProgress['phase'];
  @ApiProperty({ description: 'events, or cases' }) readonly done: number;
  @ApiProperty() readonly total: number;
}

export class JobAnswer {
  @ApiProperty({ format: 'uuid' }) readonly id: string;
  @ApiProperty({ enum: ['waiting', 'running', 'done', 'cancelled', 'failed'] }) readonly status: Job['status'];
  @ApiProperty({ description: 'id of whoever asked for it' }) readonly startedBy: string;
  @ApiProperty({ type: ProgressAnswer, nullable: true }) readonly progress: ProgressAnswer | null;
  @ApiProperty({ type: BacktestResultAnswer, nullable: true, description: 'null until it is done' })
  readonly result: BacktestResultAnswer | null;
}

export class JobsAnswer {
  @ApiProperty({ type: [JobAnswer], description: 'oldest first, without their results' })
  readonly items: readonly JobAnswer[];
}

export const jobView = ({ id, status, startedBy, progress, result }: Job): JobAnswer => ({
  ...{ id, status, startedBy, progress, result },
});
