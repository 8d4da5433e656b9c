import { Injectable } from '@nestjs/common';
import { setImmediate as giveWay } from 'node:timers/promises';
import { routingAt } from '../../configuration/configuration';
import { ConfigurationBook } from '../../configuration/configuration-book.adapter';
import { ConfigurationDocuments } from '../../configuration/configuration.handler';
import { RoutingBody } from '../../configuration/definitions';
import { Rejection } from '../../eventing/rejection';
import { Engine } from '../../platform/engine/engine';
import { readOpenings } from './openings.query';
import { RoutingTrial, TrialResult } from './trial';

// A few seconds of work; whoever wants more asks for parts of the time.
const openingsMax = 500_000;

export interface TryRouting {
  /** As a document has them; null for those in force. */
  readonly rules: unknown;
  /** RFC 3339, UTC, milliseconds. */
  readonly from: string;
  readonly to: string;
  readonly differencesMax: number;
}

/** Here the rules are all there is. */
const placed = (error: unknown): never => {
  if (!(error instanceof Rejection)) throw error;
  const fields = error.fields.map((field) => ({ ...field, pointer: field.pointer.replace(/^\/routing/, '') }));
  throw new Rejection(error.code, error.message, fields);
};

/** Tries routing rules on the past: reads the log's mirror and writes nothing. */
@Injectable()
export class RoutingTrials {
  constructor(
    private readonly engine: Engine,
    private readonly book: ConfigurationBook,
    private readonly documents: ConfigurationDocuments,
  ) {}

  /** @throws Rejection CONFIGURATION_INVALID, TRIAL_TOO_LARGE */
  async run({ rules, from, to, differencesMax }: TryRouting): Promise<TrialResult> {
    const routing = await this.routing(rules);
    const trial = new RoutingTrial(routing, differencesMax);
    let count = 0;
    for (let after: number | undefined = 0; after !== undefined;) {
      const { openings, next } = await readOpenings(this.engine.pool, after, from, to);
      for (const opening of openings) trial.take(opening);
      count += openings.length;
      if (count > openingsMax)
        throw new Rejection('TRIAL_TOO_LARGE', `there are more than ${openingsMax} openings; try a shorter time`);
      after = next;
      await giveWay();
    }
    return trial.result();
  }

  private async routing(rules: unknown): Promise<RoutingBody> {
    if (rules === null) return routingAt(await this.book.standing(this.engine.now().getTime())).body;
    const { routing } = await this.documents.read({ routing: { rules } }).catch(placed);
    return routing ?? { rules: [] };
  }
}
