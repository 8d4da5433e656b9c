import { Rejection } from '../../eventing/rejection';
import { CommandHeaders } from './command-context';

const keyPattern = /^[\x21-\x7e]{1,255}$/;
const etagPattern = /^"(\d{1,9})"$/;
const traceparentPattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const single = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  if (Array.isArray(value)) throw new Rejection('MALFORMED_REQUEST', `${name} stands twice`);
  return value;
};

/** The headers that concern a command. @throws Rejection for one that is malformed */
export const commandHeaders = (headers: Headers): CommandHeaders => {
  const key = single(headers, 'idempotency-key');
  if (key !== undefined && !keyPattern.test(key))
    throw new Rejection('INVALID_IDEMPOTENCY_KEY', 'Idempotency-Key is 1 to 255 visible ASCII characters');
  const match = single(headers, 'if-match');
  const revision = match === undefined ? undefined : etagPattern.exec(match)?.[1];
  // A weak tag or `*` names no revision, so that it cannot protect anything.
  if (match !== undefined && revision === undefined)
    throw new Rejection('INVALID_IF_MATCH', 'If-Match is one revision in quotes, such as "3"');
  const traceparent = single(headers, 'traceparent');
  return {
    idempotencyKey: key,
    ifMatch: revision === undefined ? undefined : Number(revision),
    traceparent: traceparent && traceparentPattern.test(traceparent) ? traceparent : undefined,
  };
};
