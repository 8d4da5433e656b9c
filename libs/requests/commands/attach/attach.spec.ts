import { fold } from '../../../eventing/decider';
import { codeOfRejection } from '../../../eventing/testing/rejections';
import { recorded } from '../../../eventing/testing/specification';
import { RequestEvent } from '../../events';
import { requestEvolution } from '../../request';
import { held, histories, number, opened } from '../../testing/given';
import { attach, attachmentsMax } from './attach';

const data = {
  ...{ name: 'a.txt', mediaType: 'text/plain', scan: { verdict: 'clean' as const, by: 'clamd' } },
  content: { bytes: 1, sha256: 'x', person: 'customer-1', valueKey: 'v' },
};
const stateOf = (history: readonly RequestEvent[]) => fold(requestEvolution, recorded('request', number, history));
const rule = (history: readonly RequestEvent[], by: 'staff' | 'customer', about: number | null = null) =>
  attach({ ...data, about, by }, stateOf(history));

it('adds a file', () =>
  expect(rule(histories.open, 'customer')).toEqual([{ type: 'RequestFileAttached', data: { ...data, about: null } }]));
it('lets staff add to a case that is over, and customers not', () => {
  expect(rule(histories.closed, 'staff')).toHaveLength(1);
  expect(codeOfRejection(() => rule(histories.closed, 'customer'))).toBe('REQUEST_NOT_OPEN');
  expect(codeOfRejection(() => rule(histories.none, 'staff'))).toBe('REQUEST_NOT_OPEN');
});
it('knows which events files can come with', () => {
  expect(rule([opened(), held], 'staff', 0)).toHaveLength(1);
  for (const about of [1, 2])
    expect(codeOfRejection(() => rule([opened(), held], 'staff', about))).toBe('UNKNOWN_EXCHANGE');
});
it('has an end', () => {
  const file: RequestEvent = { type: 'RequestFileAttached', data: { ...data, about: null } };
  const full = [opened(), ...Array.from({ length: attachmentsMax }, () => file)];
  expect(rule(full.slice(0, -1), 'staff')).toHaveLength(1);
  expect(codeOfRejection(() => rule(full, 'staff'))).toBe('TOO_MANY_ATTACHMENTS');
});
