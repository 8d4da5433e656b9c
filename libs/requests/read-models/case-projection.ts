import { Projection } from '../../eventing/projections/projection';
import { isClerical } from '../clock-events';
import { correctRequest, isRequestCorrection } from '../corrections';
import { requestCategory, RequestEvent } from '../events';

type OfCase = 'category' | 'correct' | 'isCorrection' | 'isClerical';

/** A read model with one row a case, under the case's number. Later corrections are in effect everywhere. */
export const caseProjection = <Row extends object>(
  own: Omit<Projection<Row, RequestEvent>, OfCase>,
): Projection<Row, RequestEvent> => ({
  ...own,
  category: requestCategory,
  correct: correctRequest,
  isCorrection: isRequestCorrection,
  isClerical,
});
