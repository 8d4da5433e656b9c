import { parseNumber } from '../case-numbers/parse-number';
import { CommandRunner } from '../eventing/command-runner';
import { NotFound } from '../eventing/failures';
import { Rejection } from '../eventing/rejection';
import { requestEvolution } from './request';
import { requestPrefix } from './vocabulary';

export interface KnownCase {
  /** Exact. */
  readonly number: string;
  readonly customer: string;
}

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
