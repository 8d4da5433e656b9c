import { type ChildProcess, spawn } from 'node:child_process';
import { within } from '../../../libs/platform/embedded/waiting';
import { root, startArguments } from './checkout';

export interface ServerOptions {
  readonly data: string;
  /** What node runs; the server, as `npm start` does, unless said otherwise. */
  readonly program?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly cwd?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Stopped extends Ended {
  readonly milliseconds: number;
}

const readyMillisecondsMax = 60_000;
const stopMillisecondsMax = 20_000;
const outputCharactersKept = 20_000;

/** The server as a user starts it: a process group of its own, a free port, and nothing inherited but the path. */
export class ServerProcess {
  readonly ended: Promise<Ended>;
  private text = '';
  private readonly child: ChildProcess;
  private readonly ready: Promise<string | undefined>;

  constructor({ data, program = startArguments, env = {}, uid, cwd = root }: ServerOptions) {
    this.child = spawn(process.execPath, program, {
      ...{ cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
      env: { PATH: process.env.PATH, CASEFOLD_DATA: data, PORT: '0', ...env },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
    this.ready = new Promise((resolve) => {
      const hear = (chunk: Buffer): void => {
        this.text = (this.text + chunk.toString()).slice(-outputCharactersKept);
        const said = /Casefold ready on (http:\/\/\S+)/.exec(this.text);
        if (said) resolve(said[1]);
      };
      this.child.stdout?.on('data', hear);
      this.child.stderr?.on('data', hear);
      void this.ended.then(() => resolve(undefined));
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the server could not be started');
    return this.child.pid;
  }

  get output(): string {
    return this.text;
  }

  /** @throws what it said instead of being ready */
  async url(): Promise<string> {
    const inTime = await within(this.ready, readyMillisecondsMax);
    const url = inTime ? await this.ready : undefined;
    if (url === undefined) throw new Error(`the server did not become ready: ${this.text}`);
    return url;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Asks it to stop, as Ctrl-C does, and measures how long that takes; one that hangs is killed. */
  async stop(): Promise<Stopped> {
    const began = performance.now();
    this.child.kill('SIGTERM');
    if (!(await within(this.ended, stopMillisecondsMax))) this.kill();
    return { ...(await this.ended), milliseconds: Math.round(performance.now() - began) };
  }
}
