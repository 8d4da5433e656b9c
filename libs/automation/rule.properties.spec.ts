import fc from 'fast-check';
import { chainMax, mayReact } from './rule';
import { enabledRules, initialRules, saveRule, switchRule } from './rules';

/** Rules that react to each other without end, if they could: every command of every rule sets off whatever listens. */
const types = ['a', 'b', 'c', 'd'] as const;
const rules = fc.array(fc.record({ on: fc.constantFrom(...types), makes: fc.constantFrom(...types) }), {
  ...{ minLength: 1, maxLength: 6 },
});
const stepsMax = 5_000;

/** How many commands follow from one event; undefined when there is no end in sight. */
const commandsOf = (
  table: readonly { readonly on: string; readonly makes: string }[],
  may: (id: string, chain: readonly string[]) => boolean,
): number | undefined => {
  const pending: { readonly type: string; readonly chain: readonly string[] }[] = [{ type: 'a', chain: [] }];
  let commands = 0;
  for (let event = pending.pop(); event; event = pending.pop()) {
    const { type, chain } = event;
    for (const [index, { on, makes }] of table.entries()) {
      const id = `rule-${index}`;
      if (on !== type || !may(id, chain)) continue;
      pending.push({ type: makes, chain: [...chain, `${id}@1`] });
      if (++commands > stepsMax) return undefined;
    }
  }
  return commands;
};

it('ends, whatever the rules are, and no rule reacts to what it led to itself', () => {
  fc.assert(
    fc.property(rules, (table) => {
      const seen = (id: string, chain: readonly string[]): boolean => {
        const may = mayReact(id, chain);
        if (may) expect([chain.length < chainMax, chain.includes(`${id}@1`)]).toEqual([true, false]);
        return may;
      };
      expect(commandsOf(table, seen)).toBeLessThanOrEqual(stepsMax);
    }),
    { numRuns: 1_000 },
  );
});

it('would be seen not to end in rules that react to everything', () => {
  const { failed } = fc.check(fc.property(rules, (table) => commandsOf(table, () => true) !== undefined));
  expect(failed).toBe(true);
});

it('begins with rules that do nothing until they are enabled', () => {
  expect(enabledRules(initialRules)).toEqual([]);
  expect(switchRule({ id: 'close-quiet', isEnabled: true }, initialRules)).toEqual([
    { type: 'RuleEnabled', data: { id: 'close-quiet' } },
  ]);
  expect(switchRule({ id: 'close-quiet', isEnabled: false }, initialRules)).toEqual([]);
});

it('may have a name that every object has a member of', () => {
  const { revision: _revision, ...rule } = initialRules['resume-held']?.revisions[0] ?? { revision: 0 };
  if (!('when' in rule)) throw new Error('there is no such rule');
  expect(saveRule({ ...rule, id: 'constructor' }, initialRules)).toMatchObject([
    { type: 'RuleSaved', data: { id: 'constructor', revision: 1 } },
  ]);
  expect(() => switchRule({ id: 'constructor', isEnabled: true }, initialRules)).toThrow(/no rule constructor/);
});

it('saves another revision of what is other, and nothing of what is the same', () => {
  const { revision: _revision, ...rule } = initialRules['resume-held']?.revisions[0] ?? { revision: 0 };
  if (!('then' in rule)) throw new Error('there is no such rule');
  expect(saveRule(rule, initialRules)).toEqual([]);
  const [saved] = saveRule({ ...rule, then: { verb: 'note', body: { text: 'Look again' } } }, initialRules);
  expect(saved).toMatchObject({ type: 'RuleSaved', data: { id: 'resume-held', revision: 2 } });
});
