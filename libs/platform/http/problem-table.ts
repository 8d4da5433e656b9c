/** What a code means to a caller: the HTTP status it becomes and the title that never changes with the occasion. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

// The one table from code to status. What the edge itself refuses stands here; the domain adds its own codes.
const table = new Map<string, ProblemKind>(
  Object.entries({
    MALFORMED_REQUEST: { status: 400, title: 'The request is malformed' },
    MALFORMED_JSON: { status: 400, title: 'The body is not a JSON object' },
    DUPLICATE_KEY: { status: 400, title: 'The body has a key twice' },
    TOO_DEEP: { status: 400, title: 'The body is nested too deep' },
    INVALID_UTF8: { status: 400, title: 'The body is not UTF-8' },
    INVALID_CURSOR: { status: 400, title: 'The cursor is not one of ours' },
    INVALID_IDEMPOTENCY_KEY: { status: 400, title: 'The idempotency key cannot be used' },
    UNAUTHENTICATED: { status: 401, title: 'Who is calling is not known' },
    FORBIDDEN: { status: 403, title: 'This role may not do that' },
    NOT_FOUND: { status: 404, title: 'There is nothing here' },
    METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not allowed here' },
    NOT_ACCEPTABLE: { status: 406, title: 'The answer cannot be given in that form' },
    REQUEST_TIMEOUT: { status: 408, title: 'The request took too long to arrive' },
    CONFLICT: { status: 409, title: 'A rule refuses this now' },
    REVISION_MISMATCH: { status: 412, title: 'It has changed since it was read' },
    PAYLOAD_TOO_LARGE: { status: 413, title: 'The body is too large' },
    EXPECTATION_FAILED: { status: 417, title: 'The expectation cannot be met' },
    UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body has an unsupported type' },
    UNSUPPORTED_ENCODING: { status: 415, title: 'The body has an unsupported encoding' },
    VALIDATION_FAILED: { status: 422, title: 'A value is wrong' },
    IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The idempotency key was used for another body' },
    RATE_LIMITED: { status: 429, title: 'Too many requests' },
    HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
    INTERNAL: { status: 500, title: 'Something went wrong here' },
    UNAVAILABLE: { status: 503, title: 'A store does not answer' },
    CASE_UNREADABLE: { status: 503, title: 'This cannot be read at present' },
    CASE_INCOMPLETE: { status: 503, title: 'This cannot be shown at present' },
    NOT_READY: { status: 503, title: 'Not ready' },
  } satisfies Record<string, ProblemKind>),
);

const refusedByARule: ProblemKind = { status: 409, title: 'A rule refuses this now' };
const wrongValue: ProblemKind = { status: 422, title: 'A value is wrong' };

/** @throws Error when the code is known with another meaning: one code, one status, for ever */
export const registerProblems = (kinds: Readonly<Record<string, ProblemKind>>): void => {
  for (const [code, kind] of Object.entries(kinds)) {
    const known = table.get(code);
    if (known && (known.status !== kind.status || known.title !== kind.title)) {
      throw new Error(`the problem ${code} is registered twice, with different meanings`);
    }
    table.set(code, kind);
  }
};

/** A code that nobody registered is a rule's refusal, or a wrong value when it names fields. */
export const kindOf = (code: string, namesFields = false): ProblemKind =>
  table.get(code) ?? (namesFields ? wrongValue : refusedByARule);

export const codeOfStatus = (status: number): string | undefined => {
  for (const [code, kind] of table) if (kind.status === status) return code;
  return undefined;
};

export const knownProblems = (): ReadonlyMap<string, ProblemKind> => table;
