import { fold } from '../../../eventing/decider';
import { recorded } from '../../../eventing/testing/specification';
import { codeOfRejection } from '../../../eventing/testing/rejections';
import { RequestEvent } from '../../events';
import { requestEvolution } from '../../request';
import { noted, number, opened } from '../../testing/given';
import { redact, textToRedact } from './redact';

const sealedText = (v: string) => ({ $enc: 1 as const, k: 'customer-1', v, n: '', c: '', at: 'e/', stream: 's' });
const history: readonly RequestEvent[] = [
  opened({ subject: sealedText('v1'), description: sealedText('v2') }),
  { type: 'RequestNoted', data: { text: sealedText('v3') } },
  noted,
];
const state = fold(requestEvolution, recorded('request', number, history));
const command = (revision: number, pointer?: string) => ({ revision, pointer, reason: 'personal' });

it('finds the key of the text that is meant', () => {
  expect(textToRedact(command(0, '/description'), state).valueKey).toBe('v2');
});
it('needs no pointer where there is one text', () => {
  expect(redact(command(1), state)).toEqual([
    { type: 'RequestTextRedacted', data: { redacts: 1, pointer: '/text', reason: 'personal' } },
  ]);
});
it('does not guess between two', () => {
  expect(codeOfRejection(() => redact(command(0), state))).toBe('NOTHING_TO_REDACT');
});
it('refuses what holds no text', () => {
  expect(codeOfRejection(() => redact(command(0, '/type'), state))).toBe('NOTHING_TO_REDACT');
  expect(codeOfRejection(() => redact(command(9), state))).toBe('NOTHING_TO_REDACT');
});
