import { type ChildProcess, spawn } from 'node:child_process';
import { compiled, root } from './checkout';

/** A worker as a process of its own, and what it has said. */
export class WorkerProcess {
  readonly ended: Promise<void>;
  readonly failures: string[] = [];
  /** Commits that the fence has refused. */
  fenced = 0;
  /** How often it took the lead. */
  led = 0;
  ledAt = 0;
  private readonly child: ChildProcess;

  constructor(env: Readonly<Record<string, string>>, kind: 'usual' | 'believer') {
    this.child = spawn(process.execPath, [compiled('test/faults/programs/worker.js'), kind], {
      ...{ cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
      env: { PATH: process.env.PATH, ...env },
    });
    this.ended = new Promise((resolve) => this.child.on('close', () => resolve()));
    let rest = '';
    this.child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.hear(JSON.parse(line));
    });
  }

  private hear({ leading, fenced, failure }: { leading?: true; fenced?: number; failure?: string }): void {
    if (leading) [this.led, this.ledAt] = [this.led + 1, performance.now()];
    this.fenced += fenced ?? 0;
    if (failure !== undefined) this.failures.push(failure);
  }

  send(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.send('SIGKILL');
    await this.ended;
  }
}
