import { Status, StatusError } from '../grpc/status';
import { nameOf, typeOf } from '../log/record';
import type { FilterOptions } from '../protocol/read-request';

/** Decides whether a record of $all is of interest. It looks at the record itself, never at what a link points to. */
export type Filter = (record: Buffer) => boolean;

/** The server's choice when the client leaves the window open. */
export const defaultWindow = 32;

export const compileFilter = ({ on, regex, prefixes }: FilterOptions): Filter => {
  if (on === undefined) throw new StatusError(Status.invalidArgument, 'the filter says neither stream nor event type');
  const text = on === 'stream' ? nameOf : typeOf;
  if (regex === undefined || regex === '') return prefixFilter(text, prefixes);
  const expression = compileRegex(regex);
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

const leadingFlags = /^\(\?([ims]+)\)/;

/**
 * .NET's expressions as JavaScript's. The everyday part is the same; options in front, as `(?i)`, are not, and neither
 * are \A, \z and \Z. What JavaScript cannot read is refused like a broken expression.
 */
const compileRegex = (source: string): RegExp => {
  const [prefix = '', flags = ''] = leadingFlags.exec(source) ?? [];
  const body = source
    .slice(prefix.length)
    .replace(/\\([AzZ])|\\./gs, (part, anchor: string | undefined) => (anchor ? (anchor === 'A' ? '^' : '$') : part));
  for (const mode of ['u', '']) {
    try {
      return new RegExp(body, flags + mode);
    } catch {
      // Without the Unicode mode JavaScript forgives escapes that .NET forgives too.
    }
  }
  throw new StatusError(Status.unknown, 'the regular expression of the filter cannot be read');
};
