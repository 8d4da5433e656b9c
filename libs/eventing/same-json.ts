import { canonical } from './canonical';

const text = (value: object): string => canonical(JSON.parse(JSON.stringify(value)));

/** Whether two values say the same in JSON, whatever the order of their members. */
export const sameJson = (one: object | null, other: object | null): boolean =>
  one === null || other === null ? one === other : text(one) === text(other);
