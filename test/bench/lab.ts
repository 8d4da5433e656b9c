import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { measureAppends } from './bare-append';
import { measureDisk } from './bare-disk';
import { followToHead, wordsToHead } from './catch-up';
import { startProgram } from './child';
import { agent } from './command-mix';
import { Connection, expectStatus } from './connection';
import { emmettFolder, measureEmmett } from './emmett';
import { Lag, measureLag } from './lag';
import { closedLoop } from './load';
import { copyCases, scanSeconds } from './many-cases.query';
import { copyReadModels } from './many-rows.query';
import { Options } from './options';
import { Population, populate, withEngine } from './population';
import { treeMegabytes, treeProcessorMilliseconds } from './process-tree';
import { measureRead, Read, readers } from './reads';
import { measureGiving } from './routing';
import {
  BacktestFigures,
  ClockRates,
  measureBacktest,
  measureClocks,
  measureTimers,
  TimerTimes,
} from './service-levels';
import { measureRebuild, withDatabase, RebuildRates } from './rebuild';
import { agentTokens, ServerUnderTest, startServer } from './server';
import { Started } from './started';
import { median, Timings } from './statistics';
import { measureStore, type StoreFigures } from './store';
import { measureSteady, Steady } from './steady';

/**
 * All measurements, each made once however many rows ask for it, one after the other and never two at a time.
 *
 * Commands run on a server with little data; then it is stopped, filled, and started again for everything that reads.
 */
const seconds = {
  commands: 5,
  appends: 4,
  store: 2,
  storeMax: 240,
  disk: 2,
  route: 3,
  steady: 10,
  reads: 3,
  rest: 3,
} as const;
// Code that was run a few hundred times only is slow code; a server that is used has long been past that.
const warmUp = { callers: 32, commands: 4_000, secondsMax: 12 } as const;
const starts = 3;
const templateCases = 2_000;
const copiedCases = 10_000;
const steadyCallers = 64;
const steadyReaders = 48;
const bareCallers = 32;
const numbersKept = 2_000;
const populateSecondsMax = 60;
const catchUpSecondsMax = 120;
const withoutHaste = 30 * 60;

export interface Starts {
  readonly cold: number;
  readonly warm: number;
  readonly megabytesAtRest: number;
}

export interface Commands extends Timings {
  /** What one command costs the server and its stores, whoever else uses the machine. */
  readonly processorMilliseconds: number;
}

export interface BareRoute {
  readonly post: Timings;
  readonly get: Timings;
  readonly startMilliseconds: number;
  readonly megabytes: number;
}

export interface Populated extends Population {
  readonly caughtUpPerSecond: number;
}

const bareBody = {
  subject: 'Printer stops after three pages',
  description: 'It stops after three pages. '.repeat(12),
  ...{ type: 'incident', impact: 'medium', urgency: 'low', category: 'hardware', team: 'support' },
  customer: { name: 'Customer', email: 'customer@example.org' },
};

export class Lab {
  private readonly known = new Map<string, Promise<unknown>>();
  private server: ServerUnderTest | undefined;
  private dataDirectory: string | undefined;

  constructor(
    private readonly started: Started,
    private readonly options: Options,
    private readonly say: (what: string) => void,
  ) {}

  appends(callers: number): Promise<Timings> {
    return this.once(`the bare client, ${callers} callers`, () =>
      measureAppends(this.started, callers, seconds.appends),
    );
  }

  store(kind: 'stored' | 'answered'): Promise<StoreFigures> {
    const what = { stored: 'the event store alone', answered: 'a store that answers without storing' }[kind];
    return this.once(what, () =>
      Promise.race([
        measureStore(this.started, kind, seconds.store),
        wait(seconds.storeMax * 1000, undefined, { ref: false }).then(() => {
          throw new Error(`${what} does not answer in ${seconds.storeMax} s`);
        }),
      ]),
    );
  }

  disk(callers: number): Promise<Timings> {
    return this.once(`the disk, ${callers} events a sync`, () => measureDisk(this.started, callers, seconds.disk));
  }

  bareRoute(): Promise<BareRoute> {
    return this.once('a bare route', async () => {
      const route = await startProgram(this.started, [join(__dirname, 'bare-route.js')], /ready on (http:\/\/\S+)/);
      await wait(seconds.rest * 1000);
      const megabytes = treeMegabytes(route.child.pid ?? 0);
      const measure = (callers: number, call: (connection: Connection) => Promise<unknown>): Promise<Timings> =>
        this.connected(route.said, [''], callers, (connections) =>
          closedLoop(
            connections.map((connection) => () => call(connection)),
            { warmUpSeconds: 1, seconds: seconds.route },
          ),
        );
      const post = await measure(bareCallers, async (connection) =>
        expectStatus(await connection.call({ method: 'POST', path: '/opened', body: bareBody }), 201),
      );
      const get = await measure(readers, async (connection) =>
        expectStatus(await connection.call({ method: 'GET', path: '/page' }), 200),
      );
      await route.end();
      return { post, get, megabytes, startMilliseconds: route.readyMilliseconds };
    });
  }

  async commands(callers: number): Promise<Commands> {
    await this.warm();
    return this.once(`commands, ${callers} callers`, () =>
      this.withServer(callers, async (connections) => {
        const { child } = await this.running();
        const processor = (): number => treeProcessorMilliseconds(child.pid ?? 0);
        let [answered, before] = [0, processor()];
        const agents = connections.map(agent).map((next) => () => next().finally(() => answered++));
        const timings = await closedLoop(agents, {
          ...{ warmUpSeconds: 1, seconds: seconds.commands },
          onWarm: () => ([answered, before] = [0, processor()]),
        });
        return { ...timings, processorMilliseconds: (processor() - before) / answered };
      }),
    );
  }

  async steady(): Promise<Steady> {
    await this.warm();
    return this.once('commands at a steady rate', () =>
      this.withServer(steadyCallers + steadyReaders, (connections) =>
        measureSteady(connections.slice(0, steadyCallers), connections.slice(steadyCallers), seconds.steady),
      ),
    );
  }

  lag(): Promise<Lag> {
    return this.once('500 events a second', async () => {
      await this.populated();
      const { dataDirectory } = await this.running();
      return withEngine(this.started, dataDirectory, (engine) => measureLag(engine, seconds.steady));
    });
  }

  read(read: Read): Promise<Timings> {
    return this.once(`reads of ${read}`, async () => {
      const population = await this.populated();
      return this.withServer(readers, async (connections) => {
        const [first] = connections;
        const secondsMax = this.options.full ? withoutHaste : catchUpSecondsMax;
        // Whatever follows behind the read models is done by then, or nearly.
        if (first) await wordsToHead(first, { head: population.head, secondsMax });
        return measureRead(connections, read, population, seconds.reads);
      });
    });
  }

  populated(): Promise<Populated> {
    return this.once(`${this.options.cases} cases`, async () => {
      const { full, cases } = this.options;
      const { end, dataDirectory } = await this.running();
      await end();
      this.server = undefined;
      const population = await populate(this.started, dataDirectory, {
        ...{ cases, numbersKept, secondsMax: full ? withoutHaste : populateSecondsMax },
      });
      this.say(`${population.cases} cases with ${population.events} events in ${Math.round(population.seconds)} s`);
      const { from, head, events } = population;
      const { part, seconds: taken } = await this.withServer(1, ([connection]) => {
        if (!connection) throw new Error('there is no connection');
        return followToHead(connection, { from, head, secondsMax: full ? withoutHaste : catchUpSecondsMax });
      });
      return { ...population, caughtUpPerSecond: (events * part) / taken };
    });
  }

  memoryAfter(): Promise<number> {
    return this.once('memory after the load', async () => {
      await this.populated();
      const { child } = await this.running();
      await wait(seconds.rest * 1000);
      return treeMegabytes(child.pid ?? 0);
    });
  }

  rebuild(): Promise<RebuildRates> {
    return this.once('rebuilds', async () => {
      await this.populated();
      return measureRebuild(this.started, (await this.running()).dataDirectory);
    });
  }

  clocks(): Promise<ClockRates> {
    return this.once('clocks and due times', async () => measureClocks());
  }

  backtest(): Promise<BacktestFigures & { readonly scanSeconds: number }> {
    return this.once(`a back-test of ${this.options.cases} cases`, async () => {
      const dataDirectory = await this.withMirrorOfMany();
      const scanned = await withDatabase(this.started, dataDirectory, scanSeconds);
      return { ...(await measureBacktest(this.started, dataDirectory)), scanSeconds: scanned };
    });
  }

  /** Reads of cases and customers beside as many as were asked for, of which most are rows only. */
  readAmongMany(read: Read): Promise<Timings> {
    return this.once(`reads of ${read} among ${this.options.cases} cases`, async () => {
      const { server, population } = await this.amongMany();
      const tokens = await agentTokens(server.dataDirectory);
      return this.connected(server.url, tokens, readers, (connections) =>
        measureRead(connections, read, population, seconds.reads),
      );
    });
  }

  private amongMany(): Promise<{ readonly server: ServerUnderTest; readonly population: Population }> {
    return this.once(`the read models of ${this.options.cases} cases`, async () => {
      const { server, population } = await this.filled(copiedCases);
      const cases = await withDatabase(this.started, server.dataDirectory, (db) =>
        copyReadModels(db, this.options.cases),
      );
      this.say(`the read models of ${cases} cases are there`);
      return { server, population };
    });
  }

  /** An installation of its own, whose read models and words have come to the end of the log. */
  private async filled(cases: number): Promise<{ readonly server: ServerUnderTest; readonly population: Population }> {
    const server = await startServer(this.started, this.started.folder());
    const { dataDirectory, url } = server;
    const population = await populate(this.started, dataDirectory, {
      ...{ cases, numbersKept, secondsMax: populateSecondsMax },
    });
    const { from, head } = population;
    await this.connected(url, await agentTokens(dataDirectory), 1, async ([connection]) => {
      if (!connection) return;
      await followToHead(connection, { from, head, secondsMax: catchUpSecondsMax });
      await wordsToHead(connection, { head, secondsMax: catchUpSecondsMax });
    });
    return { server, population };
  }

  /** An installation of its own, whose server has stopped. */
  private async withMirrorOfMany(): Promise<string> {
    const { server } = await this.filled(templateCases);
    const { dataDirectory } = server;
    await server.end();
    const cases = await withDatabase(this.started, dataDirectory, (db) => copyCases(db, this.options.cases));
    this.say(`the mirror of ${cases} cases`);
    return dataDirectory;
  }

  giving(): Promise<number> {
    return this.once('work given to people', async () => {
      const { dataDirectory } = await this.running();
      return withEngine(this.started, dataDirectory, measureGiving);
    });
  }

  timers(): Promise<TimerTimes> {
    return this.once('a million armed timers', async () => {
      const { dataDirectory } = await this.running();
      return withDatabase(this.started, dataDirectory, (db) => measureTimers(db));
    });
  }

  /** @returns undefined where Emmett is not installed */
  async emmett(): Promise<number | undefined> {
    const folder = emmettFolder();
    if (folder === undefined) return undefined;
    return this.once('a rebuild by Emmett', async () => {
      await this.populated();
      return measureEmmett(this.started, (await this.running()).dataDirectory, folder);
    });
  }

  starts(): Promise<Starts> {
    return this.once(`${starts} starts, cold and warm`, async () => {
      const [cold, warm, atRest]: [number[], number[], number[]] = [[], [], []];
      for (let round = 0; round < starts; round++) {
        const folder = this.started.folder();
        const first = await startServer(this.started, folder);
        await first.end();
        const second = await startServer(this.started, folder);
        cold.push(first.readyMilliseconds);
        warm.push(second.readyMilliseconds);
        if (round === starts - 1) await wait(seconds.rest * 1000);
        if (round === starts - 1) atRest.push(treeMegabytes(second.child.pid ?? 0));
        await second.end();
      }
      return { cold: median(cold), warm: median(warm), megabytesAtRest: median(atRest) };
    });
  }

  private warm(): Promise<void> {
    return this.once('a server that has run for a while', () =>
      this.withServer(warmUp.callers, async (connections) => {
        const until = performance.now() + warmUp.secondsMax * 1000;
        let answered = 0;
        const work = async (next: () => Promise<unknown>): Promise<void> => {
          for (; answered < warmUp.commands && performance.now() < until; answered++) await next();
        };
        await Promise.all(connections.map(agent).map(work));
      }),
    );
  }

  private once<T>(what: string, measure: () => Promise<T>): Promise<T> {
    // The name says what is measured, and thereby of which type it is.
    const known = this.known.get(what) as Promise<T> | undefined;
    if (known) return known;
    this.say(what);
    const measured = measure();
    this.known.set(what, measured);
    return measured;
  }

  private async running(): Promise<ServerUnderTest> {
    this.dataDirectory ??= this.started.folder();
    this.server ??= await startServer(this.started, this.dataDirectory);
    return this.server;
  }

  private async withServer<T>(
    connections: number,
    work: (connections: readonly Connection[]) => Promise<T>,
  ): Promise<T> {
    const { url, dataDirectory } = await this.running();
    return this.connected(url, await agentTokens(dataDirectory), connections, work);
  }

  private async connected<T>(
    url: string,
    tokens: readonly string[],
    count: number,
    work: (connections: readonly Connection[]) => Promise<T>,
  ): Promise<T> {
    const connections = await Promise.all(
      Array.from({ length: count }, (_, index) => Connection.open(url, tokens[index % tokens.length])),
    );
    try {
      return await work(connections);
    } finally {
      for (const connection of connections) connection.close();
    }
  }
}
