import { CheckpointRule, type CheckpointBounds } from './checkpoint-rule';

const bounds: CheckpointBounds = { checkpointAfterMs: 2_000, checkpointCountMin: 10, checkpointCountMax: 1_000 };
const at = (sequence: number): { sequence: number; place: number } => ({ sequence, place: sequence });

describe('a checkpoint is due', () => {
  it('at the upper bound at once, and not before', () => {
    const rule = new CheckpointRule(bounds, -1);
    expect(rule.isDue(at(998), 0, false)).toBe(false);
    expect(rule.isDue(at(999), 0, false)).toBe(true);
    expect(rule.isDue(at(1_998), 1, false)).toBe(false);
    expect(rule.isDue(at(1_999), 1, false)).toBe(true);
  });

  it('from the lower bound on at a tick only', () => {
    const rule = new CheckpointRule(bounds, -1);
    expect(rule.isDue(at(8), 0, true)).toBe(false);
    expect(rule.isDue(at(9), 0, false)).toBe(false);
    expect(rule.isDue(at(9), 0, true)).toBe(true);
  });

  it('not sooner than the interval after the last one', () => {
    const rule = new CheckpointRule(bounds, -1);
    expect(rule.isDue(at(9), 5_000, true)).toBe(true);
    expect(rule.isDue(at(19), 6_999, true)).toBe(false);
    expect(rule.isDue(at(19), 7_000, true)).toBe(true);
  });

  it('never at a tick with an interval of 0', () => {
    const rule = new CheckpointRule({ ...bounds, checkpointAfterMs: 0 }, -1);
    expect(rule.isDue(at(500), 1e9, true)).toBe(false);
    expect(rule.isDue(at(999), 1e9, true)).toBe(true);
  });

  it('not when nothing has moved, whatever the bounds', () => {
    const rule = new CheckpointRule({ checkpointAfterMs: 1, checkpointCountMin: 0, checkpointCountMax: 0 }, 4);
    expect(rule.isDue(at(4), 1e9, true)).toBe(false);
    expect(rule.isDue(at(5), 1e9, false)).toBe(true);
    expect(rule.isDue(at(5), 1e9, true)).toBe(false);
  });
});
