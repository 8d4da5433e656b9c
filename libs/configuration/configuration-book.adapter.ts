import { CommandContext, CommandRunner, Outcome } from '../eventing/command-runner';
import { StoredEvent } from '../eventing/event';
import { FollowedStream } from '../eventing/followed-stream.adapter';
import { Configuration, configurationEvolution, Standing } from './configuration';
import { ConfigurationEvent, configurationKey } from './events';

/** How this installation is configured, as this process knows it. */
export class ConfigurationBook {
  private readonly followed: FollowedStream<Configuration, ConfigurationEvent>;

  constructor(private readonly runner: CommandRunner) {
    this.followed = new FollowedStream(runner, configurationEvolution, configurationKey);
  }

  get stream(): string {
    return this.followed.stream;
  }

  /** See `FollowedStream`. */
  prepare(events: readonly StoredEvent[]): Promise<void> {
    return this.followed.prepare(events);
  }

  refresh(): Promise<Configuration> {
    return this.followed.refresh();
  }

  /** What to decide by at an instant. @param at epoch milliseconds */
  async standing(at: number): Promise<Standing> {
    return { configuration: await this.followed.current(), at };
  }

  async change(
    body: object,
    context: CommandContext,
    decide: (configuration: Configuration) => readonly ConfigurationEvent[],
  ): Promise<Outcome> {
    const outcome = await this.runner.execute<Configuration, ConfigurationEvent>({
      ...{ evolution: configurationEvolution, key: configurationKey, expects: 'any', body, context, decide },
      owner: context.actor,
    });
    await this.refresh();
    return outcome;
  }
}
