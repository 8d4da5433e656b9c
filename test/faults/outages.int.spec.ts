import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './harness/eventually';
import { Installation } from './harness/installation';
import { checkInvariants } from './harness/invariants';
import { caseOrder, openOrder, Order, OrderAnswer, Reply } from './harness/order';
import { signal, treeOn } from './harness/process-tree';
import { Random } from './harness/random';
import { Writers } from './harness/writers';

const seed = Number(process.env.CASEFOLD_FAULT_SEED ?? 20_260_105);
const outageMilliseconds = 3_000;

describe('while a store stands still', () => {
  let installation: Installation;
  let writers: Writers;
  beforeEach(async () => {
    installation = new Installation();
    await installation.start();
    writers = new Writers(installation, 4, new Random(seed));
    await eventually('the writers are at work', () => writers.acknowledged >= 20);
  }, 120_000);
  afterEach(() => installation.remove(), 30_000);

  /** Holds the processes still for the time of the outage and longer, if `meanwhile` takes longer. */
  const outage = async (pids: readonly number[], meanwhile: () => Promise<void>): Promise<void> => {
    signal(pids, 'SIGSTOP');
    try {
      await Promise.all([sleep(outageMilliseconds), meanwhile()]);
    } finally {
      signal(pids, 'SIGCONT');
    }
  };

  const worksAgain = async (): Promise<void> => {
    await installation.becomes(200, 60_000);
    const before = writers.acknowledged;
    await eventually('commands are acknowledged again', () => writers.acknowledged >= before + 20);
  };

  const everyPromiseIsKept = async (): Promise<void> => {
    const { findings, figures } = await checkInvariants(installation, await writers.stop());
    expect(findings.examples).toEqual([]);
    expect(figures.acknowledged).toBeGreaterThan(40);
  };

  it('the event store: commands are answered late or as unknown, never wrongly', async () => {
    const during: number[] = [];
    const bearer = await installation.bearer('agent', 'alice');
    const sent = writers.journal.add(openOrder(bearer.id, 'outage', { name: 'Somebody' }));
    await outage(treeOn(installation.data).eventStore, async () => {
      // What was under way may still be answered; then nothing can be.
      await sleep(500);
      during.push(writers.acknowledged);
      sent.replies.push(await installation.send(bearer, sent.order));
      during.push(writers.acknowledged);
    });
    // So that the outage was one.
    expect(during[1]).toBe(during[0]);
    // Said by the server, and not by the patience of whoever asked.
    expect(sent.replies).toMatchObject([{ why: expect.stringMatching(/^503 .*"outcome":"(unknown|not-done)"/) }]);
    sent.replies.push(await installation.send(bearer, sent.order));
    expect(sent.replies[1]?.outcome).toBe('acknowledged');
    await worksAgain();
    await everyPromiseIsKept();
  }, 150_000);

  it('PostgreSQL: commands that need no new key go on, reads say that they cannot, and all catches up', async () => {
    const bearer = await installation.bearer('agent', 'alice');
    const send = async (order: Order): Promise<Reply> => {
      const sent = writers.journal.add(order);
      const reply = await installation.send(bearer, order);
      sent.replies.push(reply);
      return reply;
    };
    const answerTo = async (order: Order): Promise<OrderAnswer> => {
      const reply = await send(order);
      if (reply.outcome !== 'acknowledged') throw new Error(JSON.stringify(reply));
      return reply.answer;
    };
    const { number } = await answerTo(openOrder(bearer.id, 'outage', { name: 'Somebody' }));
    const { postgres } = treeOn(installation.data);
    const read = async (after: string): Promise<string> => {
      const response = await fetch(`${await installation.current()}/v1/requests/${number}?after=${after}`, {
        headers: { authorization: `Bearer ${bearer.token}` },
      });
      await response.text();
      return response.headers.get('casefold-stale') === 'true' ? 'stale' : String(response.status);
    };
    const said: string[] = [];
    let last = '0';
    await outage(postgres, async () => {
      await answerTo(caseOrder(bearer.id, 'outage-assign', number, 'assign', { team: 'support', assignee: 'alice' }));
      const { position } = await answerTo(
        caseOrder(bearer.id, 'outage-escalate', number, 'escalate', { to: 'L2', reason: 'too hard for me' }),
      );
      last = position;
      said.push(await read(last));
    });
    expect(['503', 'stale']).toContain(said[0]);
    await worksAgain();
    await eventually('reads are up to date again', async () => (await read(last)) === '200');
    await everyPromiseIsKept();
  }, 150_000);
});
