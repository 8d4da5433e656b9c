import { Nonces } from './nonces';

it('never gives a nonce twice, also beyond what is drawn at once', () => {
  const nonces = new Nonces();
  const taken = Array.from({ length: 2_000 }, () => nonces.take());
  expect(new Set(taken.map((nonce) => nonce.toString('hex'))).size).toBe(taken.length);
  expect(taken.every(({ length }) => length === 12)).toBe(true);
});
