import { Injectable } from '@nestjs/common';
import { ConfigurationBook } from '../../configuration/configuration-book.adapter';
import { Scope } from '../../platform/auth/caller';
import { Engine } from '../../platform/engine/engine';
import { requestView } from '../read-models/request/request-view.http';
import { RequestQuery } from '../read-models/request/request.query';
import { SimilarQuery, Told } from '../read-models/similar/similar.query';
import { SimilarAnswer } from './similar-answer.http';

/** Open cases like one, as somebody may see them. */
@Injectable()
export class SimilarCases {
  constructor(
    private readonly engine: Engine,
    private readonly similar: SimilarQuery,
    private readonly requests: RequestQuery,
    private readonly configuration: ConfigurationBook,
  ) {}

  upToDate(): Promise<boolean> {
    return this.similar.upToDate();
  }

  async to(scope: Scope, told: Told, itemsMax: number): Promise<SimilarAnswer> {
    const { cases, isPartial } = await this.similar.of(scope, told);
    const shown = cases.slice(0, itemsMax);
    const [found, names] = await Promise.all([
      this.requests.findSome(
        scope,
        shown.map(({ number }) => number),
      ),
      this.configuration.standing(this.engine.now().getTime()),
    ]);
    const views = new Map(found.map((each) => [each.number, requestView(scope, each, names)]));
    const items = shown.flatMap(({ number, ...reasons }) => {
      const request = views.get(number);
      return request ? [{ request, ...reasons }] : [];
    });
    return { items, total: cases.length, isPartial };
  }

  /** Like one that is there. @throws NotFound for what is not there or may not be seen */
  async toCase(scope: Scope, number: string, itemsMax: number): Promise<SimilarAnswer> {
    const { row } = await this.requests.find(scope, number);
    const { subject, description, customer } = row;
    return this.to(scope, { subject, description, customers: [customer], number }, itemsMax);
  }
}
