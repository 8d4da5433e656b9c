import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from './connection';

/** How far the read models of a running server are, as its readiness says. */
const lookEveryMilliseconds = 100;

interface Readiness {
  readonly checks: { readonly projections: { readonly details: { readonly position: string } } };
}

export const positionOf = async (connection: Connection): Promise<bigint> => {
  const { body } = await connection.call({ method: 'GET', path: '/health/ready' });
  const readiness: Readiness = JSON.parse(body);
  return BigInt(readiness.checks.projections.details.position);
};

/** Waits until words of all that is there are found. @throws Error when it takes longer than it may */
export const wordsToHead = async (
  connection: Connection,
  { head, secondsMax }: { readonly head: bigint; readonly secondsMax: number },
): Promise<void> => {
  const began = performance.now();
  const call = { method: 'GET', path: '/v1/requests?search=printer&limit=1' } as const;
  for (let position = -1n; position < head;) {
    if (performance.now() - began > secondsMax * 1000)
      throw new Error(`the index of words is at ${position} of ${head}`);
    const { status, body } = await connection.call(call);
    // It is answered once there is an index at all.
    const answer: { readonly position: string } = status === 200 ? JSON.parse(body) : { position: '-1' };
    position = BigInt(answer.position);
    if (position < head) await wait(lookEveryMilliseconds);
  }
};

/** Part of the log that was read, by position, and how long that took. @throws Error when it takes longer than it may */
export const followToHead = async (
  connection: Connection,
  { from, head, secondsMax }: { readonly from: bigint; readonly head: bigint; readonly secondsMax: number },
): Promise<{ readonly part: number; readonly seconds: number }> => {
  const began = performance.now();
  const first = await positionOf(connection);
  for (let position = first; position < head; position = await positionOf(connection)) {
    if (performance.now() - began > secondsMax * 1000) throw new Error(`the read models are at ${position} of ${head}`);
    await wait(lookEveryMilliseconds);
  }
  const part = Number(head - (first > from ? first : from)) / Number(head - from);
  return { part, seconds: (performance.now() - began) / 1000 };
};
