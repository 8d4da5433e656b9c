import { setTimeout as wait } from 'node:timers/promises';
import { FollowerLoop } from './follower-loop';

const workMilliseconds = 10;

const follower = (isBusy: boolean) => {
  const done = { steps: 0 };
  const loop = new FollowerLoop({
    ...{ leads: () => true, onLead: () => Promise.resolve(), restPerWork: 0 },
    isBusy: () => isBusy,
    onFailure: (error) => {
      throw error;
    },
    step: async () => {
      await wait(workMilliseconds);
      done.steps++;
      return 'more to do';
    },
  });
  return { loop, done };
};

it('leaves most of the time to projections that have a backlog themselves', async () => {
  const [free, polite] = [follower(false), follower(true)];
  for (const { loop } of [free, polite]) loop.start();
  while (free.done.steps < 20) await wait(workMilliseconds);
  await Promise.all([free, polite].map(({ loop }) => loop.stop()));
  expect(polite.done.steps).toBeGreaterThan(0);
  expect(polite.done.steps).toBeLessThan(free.done.steps / 2);
});
