import { CommandContext, CommandRunner, Outcome } from '../eventing/command-runner';
import { streamOf } from '../eventing/event';
import { automationCategory, rulesKey, RuleEvent } from './events';
import { Rules, rulesEvolution } from './rules';

const rulesStream = streamOf(automationCategory, rulesKey);

/**
 * The rules as the log has them. What was recorded before the last look is judged by the rules of that look; with one server, by
 * those that it has in hand.
 */
export class AutomationRules {
  private known: { readonly rules: Rules; readonly at: number } | undefined;

  constructor(private readonly runner: CommandRunner) {}

  /** @param recordedAt instant up to which they must be known, epoch milliseconds; Infinity: as they are now */
  async upTo(recordedAt: number): Promise<Rules> {
    if (this.known && (this.runner.knowsAll(rulesStream) || recordedAt < this.known.at)) return this.known.rules;
    return this.refresh();
  }

  async refresh(): Promise<Rules> {
    const at = Date.now();
    const { state: rules } = await this.runner.load(rulesEvolution, rulesKey);
    this.known = { rules, at };
    return rules;
  }

  async change(
    body: object,
    context: CommandContext,
    decide: (rules: Rules) => readonly RuleEvent[],
  ): Promise<Outcome> {
    const outcome = await this.runner.execute<Rules, RuleEvent>({
      ...{ evolution: rulesEvolution, key: rulesKey, expects: 'any', body, context, decide },
      owner: context.actor,
    });
    await this.refresh();
    return outcome;
  }
}
