import { killServers } from './command';
import type { Findings } from './campaign';
import { cutPowerAgainAndAgain, killAgainAndAgain, type StrikeOptions } from './strikes';

const options = (strikes: number, honesty: StrikeOptions['honesty']): StrikeOptions => ({
  ...{ strikes, honesty, writers: 256, compactEvery: 3, verifyEvery: 1 },
  seed: Math.floor(Math.random() * 2 ** 31),
  say: (line) => void process.stderr.write(`strikes at a server (${honesty}): ${line}\n`),
});

const expectKept = (findings: Findings, expected: Partial<Findings>): void => {
  expect(findings).toMatchObject({ ...expected, broken: [], lost: 0, events: findings.acknowledged });
  expect(findings.acknowledged).toBeGreaterThanOrEqual(findings.strikes * 256);
  expect(findings.retried).toBeGreaterThan(100);
};

const expectFoundOut = (findings: Findings): void => expect(findings.lost).toBeGreaterThan(0);

afterEach(killServers);

describe('a server that is killed under 256 writers', () => {
  it('keeps what it acknowledged, whole batches only, every position and every checkpoint, over compactions too', async () => {
    expectKept(await killAgainAndAgain(options(6, 'honest')), { strikes: 6, compactions: 2 });
  }, 120_000);

  it('is found out when it acknowledges before it has written', async () => {
    expectFoundOut(await killAgainAndAgain(options(3, 'early')));
  }, 120_000);

  it('is found out when it does not read its journal', async () => {
    expectFoundOut(await killAgainAndAgain(options(2, 'journal not read')));
  }, 120_000);
});

describe('a server whose power is cut under 256 writers', () => {
  it('keeps all of that too', async () => {
    const findings = await cutPowerAgainAndAgain(options(3, 'honest'));
    if (findings) expectKept(findings, { strikes: 3, compactions: 1 });
  }, 120_000);

  it.each(['unsynced', 'journal unsynced'] as const)(
    'is found out when it does not wait for the disk (%s)',
    async (honesty) => {
      const findings = await cutPowerAgainAndAgain(options(2, honesty));
      if (findings) expectFoundOut(findings);
    },
    120_000,
  );
});
