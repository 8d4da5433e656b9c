import { ProblemKind } from '../../libs/platform/http/problem-table';

/**
 * What all operations have in common and no route says by itself: headers, refusals, and that unknown members of a
 * body are refused. Works on the finished document, so that a new route has it without a thought.
 */
interface Media {
  readonly schema: object;
}

interface Answer {
  readonly description?: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, Media>>;
  readonly $ref?: string;
}

export interface Operation {
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Schema {
  readonly type?: string;
  readonly additionalProperties?: boolean;
}

export interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

type Problems = ReadonlyMap<string, ProblemKind>;

const everywhere = [400, 401, 403, 404, 406, 408, 422, 429, 431, 500, 503];
const ofCommands = [409, 412, 413, 415];

const text = { type: 'string' } as const;
const problemSchema = {
  type: 'object',
  description: 'RFC 9457. `code` is stable; `detail` is for people and may change.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { ...text, example: '/problems/request-not-open' },
    title: text,
    status: { type: 'integer', example: 409 },
    detail: text,
    code: { ...text, example: 'REQUEST_NOT_OPEN' },
    instance: text,
    outcome: { ...text, enum: ['unknown', 'not-done'], description: 'of 503: whether it may have been done' },
    didYouMean: { type: 'array', items: text, description: 'of 404: numbers that differ by one slip of the finger' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { ...text, description: 'RFC 6901, into the body or the query' },
          code: text,
          detail: text,
        },
      },
    },
  },
};

const header = (description: string) => ({ description, schema: text });
const readHeaders = {
  'Casefold-Position': header('position that the answer is at least as new as'),
  'Casefold-Stale': header('true when `after` was not reached in time'),
};
const commandHeaders = {
  ETag: header('the revision after the command, in quotes'),
  'Casefold-Position': header('position to wait on with `after`'),
  'Idempotency-Replayed': header('true when this is the answer of an earlier time'),
};

const refusalName = (status: number): string => `Refused${status}`;

/** One for each status, which the operations refer to: their codes are the same wherever they come from. */
const refusals = (problems: Problems): Readonly<Record<string, Answer>> =>
  Object.fromEntries(
    [...everywhere, ...ofCommands].map((status) => {
      const codes = [...problems].filter(([, kind]) => kind.status === status).map(([code]) => code);
      const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
      return [refusalName(status), { description: `\`${codes.sort().join('`, `')}\``, content }];
    }),
  );

const answersCommand = ({ content = {} }: Answer): boolean =>
  Object.values(content).some(({ schema }) => '$ref' in schema && schema.$ref === '#/components/schemas/CommandAnswer');

const answered = (answer: Answer, method: string, isCommand: boolean): Answer => {
  const headers = isCommand ? commandHeaders : method === 'get' ? readHeaders : {};
  return { ...answer, description: answer.description || 'done', headers: { ...headers, ...answer.headers } };
};

const completeOperation = (operation: Operation, method: string): Operation => {
  const isCommand = Object.values(operation.responses).some(answersCommand);
  const statuses = method === 'post' ? [...everywhere, ...ofCommands] : everywhere;
  const successes = Object.entries(operation.responses).filter(([status]) => Number(status) < 400);
  return {
    ...operation,
    responses: Object.fromEntries([
      ...successes.map(([status, answer]) => [status, answered(answer, method, isCommand)] as const),
      ...statuses.map((status) => [status, { $ref: `#/components/responses/${refusalName(status)}` }] as const),
    ]),
  };
};

const isBody = (name: string): boolean => name.endsWith('Body');

export const completeContract = <C extends Contract>(contract: C, problems: Problems): C => ({
  ...contract,
  paths: Object.fromEntries(
    Object.entries(contract.paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [method, completeOperation(operation, method)]),
      ),
    ]),
  ),
  components: {
    ...contract.components,
    responses: refusals(problems),
    schemas: {
      ...Object.fromEntries(
        Object.entries(contract.components?.schemas ?? {}).map(([name, schema]) => [
          name,
          isBody(name) ? { ...schema, additionalProperties: false } : schema,
        ]),
      ),
      Problem: problemSchema,
    },
  },
});
