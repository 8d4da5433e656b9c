import { setTimeout as sleep } from 'node:timers/promises';

/** Green: fine. Amber: works, and somebody should look. Red: send nobody here. */
export type HealthStatus = 'green' | 'amber' | 'red';

export interface HealthResult {
  readonly status: HealthStatus;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface HealthCheck {
  readonly name: string;
  check(): Promise<HealthResult>;
}

export interface HealthReport {
  readonly status: HealthStatus;
  readonly checks: Readonly<Record<string, HealthResult>>;
}

const checkMillisecondsMax = 2_000;
const worstFirst = ['red', 'amber', 'green'] as const;

/** What readiness consists of. A check that fails, or does not answer in time, is red. */
export class HealthChecks {
  private readonly checks: HealthCheck[];

  constructor(checks: readonly HealthCheck[]) {
    this.checks = [...checks];
  }

  register(check: HealthCheck): void {
    this.checks.push(check);
  }

  async report(): Promise<HealthReport> {
    const results = await Promise.all(this.checks.map(async (check) => [check.name, await bounded(check)] as const));
    const status = worstFirst.find((each) => results.some(([, result]) => result.status === each)) ?? 'green';
    return { status, checks: Object.fromEntries(results) };
  }
}

// Why a check failed is for the log of what failed; the page is public.
const bounded = async (check: HealthCheck): Promise<HealthResult> => {
  const timer = new AbortController();
  const late = sleep<HealthResult>(
    checkMillisecondsMax,
    { status: 'red', details: { reason: 'no answer in time' } },
    timer,
  );
  try {
    return await Promise.race([check.check(), late]);
  } catch {
    return { status: 'red', details: { reason: 'the check failed' } };
  } finally {
    late.catch(() => undefined);
    timer.abort();
  }
};
