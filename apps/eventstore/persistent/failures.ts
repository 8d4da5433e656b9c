import { Status, StatusError, type Trailers } from '../grpc/status';

/** A group as callers name it; for lists of a stream `group` is empty. */
export interface GroupName {
  stream: string;
  group: string;
}

const trailers = (exception: string, { stream, group }: GroupName): Trailers => ({
  exception,
  'stream-name': stream,
  'group-name': group,
});

const subject = ({ stream, group }: GroupName): string => `Subscription group ${group} on stream ${stream}`;

export const groupExists = (name: GroupName): StatusError =>
  new StatusError(Status.alreadyExists, `${subject(name)} exists.`, trailers('persistent-subscription-exists', name));

export const groupDoesNotExist = (name: GroupName): StatusError =>
  new StatusError(
    Status.notFound,
    `${subject(name)} does not exist.`,
    trailers('persistent-subscription-does-not-exist', name),
  );

export const groupFailed = (name: GroupName, reason: string): StatusError =>
  new StatusError(Status.internal, `${subject(name)} failed: '${reason}'`, {
    ...trailers('persistent-subscription-failed', name),
    reason,
  });

export const subscribersReached = (name: GroupName): StatusError =>
  new StatusError(
    Status.failedPrecondition,
    `Maximum subscriptions reached for subscription group ${name.group} on stream ${name.stream}.`,
    trailers('maximum-subscribers-reached', name),
  );

export const groupDropped = (name: GroupName): StatusError =>
  new StatusError(Status.cancelled, `${subject(name)} was dropped.`, trailers('persistent-subscription-dropped', name));
