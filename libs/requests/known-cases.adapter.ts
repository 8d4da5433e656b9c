import { parseNumber } from '../case-numbers/parse-number';
import { CommandRunner } from '../eventing/command-runner';
import { NotFound } from '../eventing/failures';
import { Rejection } from '../eventing/rejection';
import { ExistingRequest, requestEvolution } from './request';
import { requestPrefix } from './vocabulary';

export interface KnownCase {
  /** Exact. */
  readonly number: string;
  readonly customer: string;
}

/** What may be asked of a case by name; null where it has none. */
export interface CaseFacts {
  readonly status: string;
  readonly type: string;
  readonly category: string | null;
  readonly product: string | null;
  readonly impact: string;
  readonly urgency: string;
  readonly priority: string;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly level: string;
  readonly waitingFor: string | null;
}

const factsOf = (state: ExistingRequest): CaseFacts => {
  const { status, type, category, product, impact, urgency, priority, assignment, level } = state;
  const { team, assignee } = assignment ?? { team: null, assignee: null };
  const waitingFor = state.status === 'held' ? state.waitingFor : null;
  return { status, type, category, product, impact, urgency, priority, team, assignee, level, waitingFor };
};

/** Which cases there are and whose they are, from their own streams: for those who refer to a case by its number. */
export class KnownCases {
  constructor(
    private readonly runner: CommandRunner,
    private readonly installation: string,
  ) {}

  /** @param text as somebody typed it @throws Rejection UNKNOWN_REQUEST with the pointer of the field that named it */
  async known(text: string, pointer: string): Promise<KnownCase> {
    const found = await this.find(text);
    if (found) return found;
    const detail = 'no request is known under this number';
    throw new Rejection('UNKNOWN_REQUEST', detail, [{ pointer, code: 'UNKNOWN_REQUEST', detail }]);
  }

  /** @param customer only a case of theirs; undefined: any @throws NotFound for what is not there or not theirs */
  async visible(text: string, customer: string | undefined): Promise<KnownCase> {
    const found = await this.find(text);
    if (!found || (customer !== undefined && found.customer !== customer)) throw new NotFound();
    return found;
  }

  /** What may be asked of a case, as the log has it now, and the revision that it was seen at. @throws NotFound */
  async facts(number: string): Promise<{ readonly facts: CaseFacts; readonly revision: number }> {
    const { state, revision } = await this.runner.load(requestEvolution, number);
    if (state.status === 'none') throw new NotFound();
    return { facts: factsOf(state), revision };
  }

  /** The exact number that was meant; undefined when it is none. */
  exact(text: string): string | undefined {
    const parsed = parseNumber(text, { installation: this.installation, prefixes: [requestPrefix] });
    return parsed.ok ? parsed.number : undefined;
  }

  private async find(text: string): Promise<KnownCase | undefined> {
    const number = this.exact(text);
    if (number === undefined) return undefined;
    const { state } = await this.runner.load(requestEvolution, number);
    return state.status === 'none' ? undefined : { number: state.number, customer: state.customer };
  }
}
