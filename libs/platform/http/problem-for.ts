import { HttpException } from '@nestjs/common';
import { isUnreadable } from '../../eventing/event-types';
import { CommandIdReused, NotFound, RevisionMismatch, Unavailable } from '../../eventing/failures';
import { Rejection } from '../../eventing/rejection';
import { Problem } from './problem';
import { codeOfStatus } from './problem-table';

const retryAfter = { 'retry-after': '1' };

/** Every failure that can reach the edge, in HTTP's terms. What nobody foresaw is INTERNAL and shows nothing. */
export const problemFor = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (isUnreadable(error))
    return new Problem('CASE_UNREADABLE', 'It holds an event that this version cannot read. Nothing was done.', {
      cause: error,
    });
  if (error instanceof Rejection)
    return new Problem(error.code, error.message, { errors: error.fields, members: error.members });
  if (error instanceof Unavailable) return unavailable(error.outcome, error);
  if (error instanceof NotFound) return new Problem('NOT_FOUND', 'There is nothing here for you.');
  if (error instanceof RevisionMismatch) return revisionMismatch(error);
  if (error instanceof CommandIdReused) return new Problem('IDEMPOTENCY_KEY_REUSED', 'Use a new key for another body.');
  if (error instanceof HttpException) return problemOfFramework(error.getStatus(), error);
  // Before the stores: a caller who hangs up in the middle of a body is a broken connection too, and marked as theirs.
  if (hasStatus(error)) return problemOfFramework(error.statusCode, error);
  if (isStoreFailure(error)) return unavailable('not-done', error);
  if (sqlStateOf(error) === undefinedTable)
    return new Problem('NOT_READY', 'What is asked for is still being built: ask again.', {
      headers: retryAfter,
      cause: error,
    });
  return internal(error);
};

const unavailable = (outcome: 'unknown' | 'not-done', cause: unknown): Problem => {
  const advice =
    outcome === 'unknown'
      ? 'It may or may not have been done: repeat it with the same Idempotency-Key.'
      : 'Nothing was done: repeat it.';
  return new Problem('UNAVAILABLE', `A store does not answer. ${advice}`, {
    members: { outcome },
    headers: retryAfter,
    cause,
  });
};

const revisionMismatch = ({ actual }: RevisionMismatch): Problem =>
  new Problem('REVISION_MISMATCH', `The revision is ${actual} by now.`, { headers: { etag: `"${actual}"` } });

const problemOfFramework = (status: number, cause: unknown): Problem => {
  if (status < 400 || status >= 500) return internal(cause);
  // Their words are for developers: they may name parsers, classes and pieces of the body.
  return new Problem(codeOfStatus(status) ?? 'MALFORMED_REQUEST', detailOf[status] ?? 'The request cannot be served.', {
    cause,
  });
};

const detailOf: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood.',
  404: 'There is no such address.',
  413: 'The body is larger than this address takes.',
  415: 'Send application/json in UTF-8.',
};

const internal = (cause: unknown): Problem => new Problem('INTERNAL', 'It is recorded, and not your fault.', { cause });

const hasStatus = (error: unknown): error is { statusCode: number } =>
  typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number';

// Tables of read models are there once all of the log is in them.
const undefinedTable = '42P01';

const sqlStateOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

// Of connections that break or are refused. SQLSTATE 08: connection, 53: resources, 57P: shutting down or starting.
const storeCodes = /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|08...|53...|57P0[1-5])$/;
const storeMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;
const storeTypes = new Set(['unavailable', 'deadline-exceeded', 'timeout', 'not-leader', 'cancelled']);

/** Reads of a store that did not answer. Writes of events have their own failure, which knows more. */
const isStoreFailure = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const code = 'code' in error ? String(error.code) : '';
  const ofSocket =
    'syscall' in error ? error.syscall === 'connect' || error.syscall === 'read' || error.syscall === 'write' : true;
  const message = 'message' in error ? String(error.message) : '';
  const type = 'type' in error ? String(error.type) : '';
  return (storeCodes.test(code) && ofSocket) || storeMessages.test(message) || storeTypes.has(type);
};
