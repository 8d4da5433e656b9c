import fc from 'fast-check';
import { loadMapping } from './mapping-file.adapter';
import { isBad, rowReader } from './rows';
import { madeUpLogs } from './testing/made-up-logs';

const [header = '', first = ''] = madeUpLogs['italian-helpdesk'].split('\n');
const columns = header.split(',');
const good = first.split(',');
const reader = rowReader(loadMapping('italian-helpdesk'), columns);
const withCell = (column: string, cell: string): string[] =>
  good.map((each, place) => (place === columns.indexOf(column) ? cell : each));
const verdict = (cells: readonly string[]): string => {
  const row = reader.read(cells, 1);
  return isBad(row) ? `${row.column}: ${row.reason}` : 'good';
};

describe('a row', () => {
  it.each([
    ['is read when all is there', good, 'good'],
    ['without an actor is read too', withCell('Resource', ''), 'good'],
    ['with a cell too many is kept aside', [...good, 'x'], 'null: has 14 cells, the header 13'],
    ['without a case is kept aside', withCell('Case ID', ' '), 'Case ID: names no case'],
    ['without an activity is kept aside', withCell('Activity', ''), 'Activity: names no activity'],
    [
      'without an instant is kept aside',
      withCell('Complete Timestamp', ''),
      'Complete Timestamp: says nowhere when it happened',
    ],
    [
      'with a date that is none is kept aside',
      withCell('Complete Timestamp', '2012/13/01 00:00:00.000'),
      'Complete Timestamp: is no instant of 1900 to 2199 in the form that the mapping names',
    ],
    [
      'of a year whose time no calendar counts is kept aside',
      withCell('Complete Timestamp', '2999/01/01 00:00:00.000'),
      'Complete Timestamp: is no instant of 1900 to 2199 in the form that the mapping names',
    ],
    ['with a zero character is kept aside', withCell('product', 'a\0b'), 'product: holds a character that is none'],
    [
      'with a cell beyond all measure is kept aside',
      withCell('product', 'x'.repeat(20_001)),
      'product: is longer than 20000 characters',
    ],
  ])('%s', (_, cells, expected) => expect(verdict(cells)).toBe(expected));

  it('is kept aside when it does not say when the case was opened as the mapping reads it, and read when it says nothing', () => {
    const [head = '', row = ''] = madeUpLogs['servicenow-incidents-890'].split('\n');
    const opened = rowReader(loadMapping('servicenow-incidents-890'), head.split(','));
    const at = (instant: string) => opened.read(row.replace('29-02-2016 01:16', instant).split(','), 1);
    expect(at('30-02-2016 01:16')).toMatchObject({ column: 'opened_at', reason: expect.stringMatching(/no instant/) });
    expect(at('?')).toMatchObject({ caseId: 'INC1' });
  });

  it('is read or kept aside with a reason, whatever its cells are', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 16 }), (cells) => {
        expect(verdict(cells)).not.toBe('');
      }),
    ));

  it('of a file without a column that the mapping reads is not looked at', () => {
    expect(() => rowReader(loadMapping('italian-helpdesk'), ['Case ID', 'Activity'])).toThrow(/Complete Timestamp/);
  });
});
