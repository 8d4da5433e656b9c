import { parseOptions, WrongUsage } from './options';
import { promisedNames, rows } from './rows';

const names = rows.map(({ name }) => name);

describe('the rows of the benchmark', () => {
  it('has every row that interface.md promises', () => {
    expect(names).toEqual(expect.arrayContaining([...promisedNames]));
  });

  it('names no row twice', () => expect(new Set(names).size).toBe(names.length));

  it('counts times and memory as better when lower, rates when higher', () => {
    for (const { name, unit, better } of rows)
      expect([name, better]).toEqual([name, /^(ms|MB)$/.test(unit) ? 'lower' : 'higher']);
  });
});

describe('the command line of the benchmark', () => {
  it('measures everything at 100,000 cases unless told otherwise', () => {
    expect(parseOptions([], names)).toEqual({ json: false, only: undefined, cases: 100_000, full: false });
  });

  it('takes names of rows, and more or fewer cases', () => {
    expect(parseOptions(['--json', '--only', 'queue.page.p99,request.get.p99', '--full'], names)).toEqual({
      ...{ json: true, only: ['queue.page.p99', 'request.get.p99'], cases: 1_000_000, full: true },
    });
    expect(parseOptions(['--only=queue.page.p99', '--quick'], names).cases).toBe(5_000);
  });

  it.each([[['--fast']], [['--only']], [['--only', 'queue.page']], [['--full', '--quick']]])('refuses %j', (args) => {
    expect(() => parseOptions(args, names)).toThrow(WrongUsage);
  });
});
