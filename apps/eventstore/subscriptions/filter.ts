import { Status, StatusError } from '../grpc/status';
import { nameOf, typeOf } from '../log/record';
import type { FilterOptions } from '../protocol/read-request';
import { compileExpression, compileSteadyExpression, type Expression } from './expression';

/** Decides whether a record of $all is of interest. It looks at the record itself, never at what a link points to. */
export type Filter = (record: Buffer) => boolean;

/** The server's choice when the client leaves the window open. */
export const defaultWindow = 32;

/** For one call, which is ended when its expression proves too slow. */
export const compileFilter = (options: FilterOptions): Filter => filterOf(options, compileExpression);

/** For a persistent subscription, which goes on whatever comes. */
export const compileGroupFilter = (options: FilterOptions): Filter => filterOf(options, compileSteadyExpression);

const filterOf = ({ on, regex, prefixes }: FilterOptions, compile: (source: string) => Expression): Filter => {
  if (on === undefined) throw new StatusError(Status.invalidArgument, 'the filter says neither stream nor event type');
  const text = on === 'stream' ? nameOf : typeOf;
  if (regex === undefined || regex === '') return prefixFilter(text, prefixes);
  const expression = compile(regex);
  return (record) => expression.test(text(record).toString('utf8'));
};

const prefixFilter = (text: (record: Buffer) => Buffer, prefixes: string[]): Filter => {
  const wanted = prefixes.map((prefix) => Buffer.from(prefix, 'utf8'));
  return (record) => {
    const value = text(record);
    return wanted.some(
      (prefix) => value.length >= prefix.length && value.compare(prefix, 0, prefix.length, 0, prefix.length) === 0,
    );
  };
};
