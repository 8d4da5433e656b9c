import { RoutingBody } from '../../configuration/definitions';
import { chooseRule, RoutingFacts } from '../../configuration/routing-rules';

/** An opening of the past, as far as routing asks. Teams are ids. */
export interface Opening extends RoutingFacts {
  readonly number: string;
  /** The team that it was opened for: rules were not asked. */
  readonly named: string | null;
  /** The first team that it was given to. */
  readonly given: string | null;
}

export interface RuleCount {
  readonly rule: string;
  readonly team: string;
  readonly requests: number;
  /** How many of them came to that very team first. */
  readonly sameTeam: number;
}

/** A request that the rules would have given to another team than it came to first. */
export interface Difference {
  readonly number: string;
  readonly rule: string;
  readonly matched: string;
  readonly team: string;
  readonly given: string | null;
}

export interface TrialResult {
  readonly requests: number;
  readonly named: number;
  /** No rule matches. */
  readonly unmatched: number;
  readonly rules: readonly RuleCount[];
  readonly different: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

/** Tries rules on openings of the past, in their order. Nobody is given anything. */
export class RoutingTrial {
  private requests = 0;
  private named = 0;
  private unmatched = 0;
  private different = 0;
  private readonly counts = new Map<string, { requests: number; sameTeam: number }>();
  private readonly differences: Difference[] = [];

  constructor(
    private readonly routing: RoutingBody,
    private readonly differencesMax: number,
  ) {}

  take(opening: Opening): void {
    this.requests++;
    if (opening.named !== null) {
      this.named++;
      return;
    }
    const choice = chooseRule(this.routing, opening);
    if (!choice) {
      this.unmatched++;
      return;
    }
    const { id: rule, team } = choice.rule;
    const { requests, sameTeam } = this.counts.get(rule) ?? { requests: 0, sameTeam: 0 };
    const isSame = opening.given === team;
    this.counts.set(rule, { requests: requests + 1, sameTeam: sameTeam + (isSame ? 1 : 0) });
    if (isSame) return;
    this.different++;
    const { number, given } = opening;
    if (this.differences.length < this.differencesMax)
      this.differences.push({ number, rule, matched: choice.matched, team, given });
  }

  result(): TrialResult {
    const { requests, named, unmatched, different, differences } = this;
    const rules = this.routing.rules.map(({ id, team }) => ({
      rule: id,
      team,
      ...(this.counts.get(id) ?? { requests: 0, sameTeam: 0 }),
    }));
    return { requests, named, unmatched, different, rules, differences };
  }
}
