import { runCampaign } from './harness/campaign';
import { Installation } from './harness/installation';

// The long run, with every kind of kill and other seeds, is `npm run soak`.
const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_260_101);

const installation = new Installation();
afterAll(() => installation.remove(), 30_000);

it('keeps every promise when processes are killed at random moments under load', async () => {
  const kinds = ['tree', 'event-store', 'postgres', 'server', 'guard', 'backend', 'starting'] as const;
  const options = { seed, kinds, writers: 6, workMillisecondsMax: 700, millisecondsMax: 60_000 };
  const { kills, killsTotal, findings, figures, seenRed } = await runCampaign(installation, {
    ...options,
    say: () => undefined,
  });
  process.stderr.write(`seed ${seed}: ${JSON.stringify({ ...figures, kills })}\n`);
  expect(findings.examples).toEqual([]);
  expect(killsTotal).toBe(kinds.length);
  expect(seenRed).toBeGreaterThanOrEqual(2);
  // A run that asked for little would show little.
  expect(figures.acknowledged).toBeGreaterThan(kinds.length * 5);
  expect(figures.everUnknown).toBeGreaterThan(0);
}, 150_000);
