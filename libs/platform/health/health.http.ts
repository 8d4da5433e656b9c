import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/auth.guard';
import { Problem } from '../http/problem';
import { HealthChecks, type HealthReport } from './health-checks';
import { metrics } from './metrics';

const retryAfterSeconds = '2';

@ApiExcludeController()
@Public()
@Controller()
export class HealthController {
  constructor(private readonly checks: HealthChecks) {}

  /** Whether this process runs at all; restarting it would help when this does not answer. */
  @Get('health/live')
  live(): { status: string } {
    return { status: 'green' };
  }

  /** Whether this process can do its work now. @throws Problem NOT_READY, with the same report, when a check is red */
  @Get('health/ready')
  async ready(): Promise<HealthReport> {
    const report = await this.checks.report();
    if (report.status !== 'red') return report;
    const members = { checks: report.checks };
    throw new Problem('NOT_READY', 'A part does not work now.', {
      members,
      headers: { 'retry-after': retryAfterSeconds },
    });
  }

  @Get('metrics')
  @Header('content-type', metrics.contentType)
  metrics(): Promise<string> {
    return metrics.metrics();
  }
}
