import { keyOf, Recorded } from '../../../eventing/event';
import { RevisionMismatch, Unavailable } from '../../../eventing/failures';
import { Process } from '../../../eventing/processes/process-runner';
import { KnownCases } from '../../../requests/known-cases.adapter';
import { RuleFiring } from '../../fire-rule.handler';
import { chainOf, matches, mayReact, Rule, triggerTypes } from '../../rule';
import { enabledRules } from '../../rules';
import { AutomationRules } from '../../rules.adapter';

const triesMax = 20;

/**
 * Lets rules react to what happens, and records what rules have done.
 *
 * Guarantee: a rule gives one command for an event, however often it sees it; it decides on the case as it is, not as it was when the
 * event was written. What was recorded before a rule held, or came from another system, sets off nothing.
 */
export class AutomationProcess {
  constructor(
    private readonly rules: AutomationRules,
    private readonly cases: KnownCases,
    private readonly firing: RuleFiring,
  ) {}

  process(): Process {
    return { name: 'automation', types: triggerTypes, react: (event) => this.react(event) };
  }

  private async react(event: Recorded): Promise<void> {
    const { origin, recordedAt, rules: names } = event.metadata;
    if (origin.startsWith('import:')) return;
    const chain = chainOf(names);
    const last = chain.at(-1);
    if (last !== undefined) await this.record(event, last);
    const at = Date.parse(recordedAt);
    for (const rule of enabledRules(await this.rules.upTo(at), at))
      if (rule.when.on === 'event' && rule.when.types.some((type) => type === event.type) && mayReact(rule.id, chain))
        await this.fire(rule, event);
  }

  private async fire(rule: Rule, event: Recorded): Promise<void> {
    const number = keyOf(event.stream);
    const { $correlationId: correlationId, rules } = event.metadata;
    for (let tries = 1; tries <= triesMax; tries++) {
      const { facts, revision } = await this.cases.facts(number);
      if (!matches(rule.conditions, facts)) return;
      try {
        await this.firing.fire(rule, { number, eventId: event.id, correlationId, rules, revision });
        return;
      } catch (error) {
        if (!(error instanceof RevisionMismatch)) throw error;
      }
    }
    throw new Unavailable('not-done', `case ${number} never stands still for rule ${rule.id}`);
  }

  private async record({ type, stream, metadata }: Recorded, rule: string): Promise<void> {
    const { commandId, $causationId: cause } = metadata;
    // A reaction to what a rule did carries its name on, and is not its doing.
    if (!metadata.actor.startsWith('process:automation:')) return;
    await this.firing.record(commandId, { rule, number: keyOf(stream), verb: null, cause, events: [type], code: null });
  }
}
