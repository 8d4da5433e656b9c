import { Limiter } from '../../libs/eventing/limits';
import { CommandAnswer, desk } from './command-mix';
import { Connection, expectStatus } from './connection';
import { openLoop } from './load';
import { quantile, Timings } from './statistics';

/**
 * Commands at a steady rate, and how soon after an answer its effect can be read.
 *
 * One command in ten is followed by two reads of its case: one that asks for nothing new, which is what a read costs, and
 * before it one that insists on seeing the command. The second is what a user waits who looks at what they have just done.
 */
export interface Steady {
  readonly commands: Timings;
  readonly visible: { readonly p50: number; readonly p99: number };
  readonly plainRead: { readonly p50: number; readonly p99: number };
}

const commandsPerSecond = 500;
const followedOneIn = 10;
const looksMax = 30;

/** The server waits two seconds at most; then it answers with what there is, which for a new case is nothing. */
const seen = async (reader: Connection, { number, position, revision }: CommandAnswer): Promise<void> => {
  for (let look = 0; look < looksMax; look++) {
    const path = `/v1/requests/${number}?after=${position}`;
    const { status, body } = expectStatus(await reader.call({ method: 'GET', path }), 200, 404);
    const found: Pick<CommandAnswer, 'revision'> = JSON.parse(body);
    if (status === 200 && Number(found.revision) >= Number(revision)) return;
  }
  throw new Error(`${number} has not become visible`);
};

const quantiles = (values: readonly number[]) => ({ p50: quantile(values, 0.5), p99: quantile(values, 0.99) });

export const measureSteady = async (
  commanders: readonly Connection[],
  readers: readonly Connection[],
  seconds: number,
): Promise<Steady> => {
  const step = desk();
  const idle = [...readers];
  const turns = new Limiter(readers.length);
  const [visible, plain]: [number[], number[]] = [[], []];
  const failures: unknown[] = [];
  const following: Promise<void>[] = [];
  let answered = 0;
  let ended = false;
  const follow = async (answer: CommandAnswer, answeredAt: number): Promise<void> => {
    const reader = idle.pop();
    if (!reader || ended) return;
    await seen(reader, answer);
    visible.push(performance.now() - answeredAt);
    const began = performance.now();
    expectStatus(await reader.call({ method: 'GET', path: `/v1/requests/${answer.number}` }), 200);
    plain.push(performance.now() - began);
    idle.push(reader);
  };
  const callers = commanders.map((connection) => async () => {
    const answer = await step(connection);
    const answeredAt = performance.now();
    if (answered++ % followedOneIn) return;
    // Whoever waits for a free reader waits for the read models: that is part of the lag.
    following.push(turns.run(() => follow(answer, answeredAt)).catch((error: unknown) => void failures.push(error)));
  });
  const commands = await openLoop(callers, { perSecond: commandsPerSecond, warmUpSeconds: 2, seconds });
  ended = true;
  await Promise.all(following);
  if (failures.length) throw failures[0];
  return { commands, visible: quantiles(visible), plainRead: quantiles(plain) };
};
