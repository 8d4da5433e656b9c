/**
 * How many random sequences a model is compared over, and from which seed. In everyday runs a few, from another seed
 * each time; EVENTSTORE_SEQUENCES and EVENTSTORE_SEED ask for more, or for the same again.
 */
export interface Sequences {
  seed: number;
  numRuns: number;
}

export const sequencesOf = (what: string, usual: number): Sequences => {
  const numRuns = Number(process.env.EVENTSTORE_SEQUENCES ?? usual);
  const seed = Number(process.env.EVENTSTORE_SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`${numRuns} sequences of ${what} with seed ${seed}\n`);
  return { seed, numRuns };
};

const usualMsMax = 120_000;
const sequenceMsMax = 2_000;

export const sequencesMsMax = Math.max(usualMsMax, Number(process.env.EVENTSTORE_SEQUENCES ?? 0) * sequenceMsMax);
