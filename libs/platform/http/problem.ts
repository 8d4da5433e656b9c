import { kindOf } from './problem-table';

export interface FieldProblem {
  /** RFC 6901, into the body; for a query parameter, its name behind a slash. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldProblem[];
  /** Further members of the answer, such as `outcome`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log only. */
  readonly cause?: unknown;
}

/** A refusal in HTTP's own terms. `detail` is for the caller and never tells what only we may know. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: readonly FieldProblem[];
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: string,
    readonly detail: string,
    { errors = [], members = {}, headers = {}, cause }: ProblemOptions = {},
  ) {
    super(detail, { cause });
    this.errors = errors;
    this.members = members;
    this.headers = headers;
  }

  get status(): number {
    return kindOf(this.code, this.errors.length > 0).status;
  }

  /** RFC 9457 */
  body(instance: string | undefined): Record<string, unknown> {
    const { status, title } = kindOf(this.code, this.errors.length > 0);
    const type = `/problems/${this.code.toLowerCase().replaceAll('_', '-')}`;
    const errors = this.errors.length ? { errors: this.errors } : {};
    return { type, title, status, detail: this.detail, code: this.code, instance, ...errors, ...this.members };
  }
}

export const problemMediaType = 'application/problem+json';

export const malformed = (code: string, detail: string): Problem => new Problem(code, detail);

export const unprocessable = (errors: readonly FieldProblem[]): Problem =>
  new Problem(
    'VALIDATION_FAILED',
    errors.map(({ pointer, detail }) => `${pointer || 'The body'} ${detail}.`).join(' '),
    { errors },
  );

/** The same answer whatever is wrong with a token: a caller who forges one learns nothing. */
export const unauthenticated = (cause?: unknown): Problem =>
  new Problem('UNAUTHENTICATED', 'A valid bearer token is needed.', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    cause,
  });

export const forbidden = (): Problem => new Problem('FORBIDDEN', 'Your role does not allow this.');
