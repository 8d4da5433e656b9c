/**
 * Opens many cases against a store that only knows "append at no stream", then repeats every command.
 *
 * With few payload bits most openings collide, which is the point: it shows that the rule in `number-for.ts` gives
 * every command a number of its own and that a retry finds the same one, however full the space is.
 */
import { numberFor } from './number-for';

export interface OpeningSimulation {
  readonly opens: number;
  readonly payloadBits: number;
  readonly key: Buffer;
  readonly installation: string;
}

export interface OpeningOutcome {
  /** Different numbers given; equals `opens` when every one is unique. */
  readonly numbers: number;
  /** Retries that found another number than their first time, or opened a second case; 0 when the rule holds. */
  readonly retriesLost: number;
  /** Numbers tried while opening, and the most that one command needed. */
  readonly attempts: number;
  readonly attemptsMax: number;
}

/** The store: the command that opened each stream. */
type Streams = Map<string, string>;

const PREFIX = 'CSR';

/** @param simulation `opens` must be below 2^payloadBits, or the last ones would search for ever @throws RangeError */
export const simulateOpenings = (simulation: OpeningSimulation): OpeningOutcome => {
  const { opens, payloadBits } = simulation;
  if (opens >= 2 ** payloadBits) throw new RangeError(`${opens} cases do not fit into ${payloadBits} bits`);
  const streams: Streams = new Map();
  const given: string[] = [];
  let attempts = 0;
  let attemptsMax = 0;
  for (let command = 0; command < opens; command++) {
    const opened = open(`command-${command}`, streams, simulation);
    given.push(opened.number);
    attempts += opened.attempts;
    attemptsMax = Math.max(attemptsMax, opened.attempts);
  }
  const numbers = streams.size;
  const retriesLost = given.filter(
    (number, command) => open(`command-${command}`, streams, simulation).number !== number,
  );
  return { numbers, retriesLost: retriesLost.length + (streams.size - numbers), attempts, attemptsMax };
};

function open(
  commandId: string,
  streams: Streams,
  simulation: OpeningSimulation,
): { number: string; attempts: number } {
  for (let attempt = 0; ; attempt++) {
    const number = numberFor({ ...simulation, prefix: PREFIX, commandId, attempt });
    const owner = streams.get(number);
    if (owner === undefined) streams.set(number, commandId);
    if (owner === undefined || owner === commandId) return { number, attempts: attempt + 1 };
  }
}
