import fc from 'fast-check';
import { asAttachment, fileNameIn } from './file-name';

it.each([
  [`attachment; filename="smoke.png"`, 'smoke.png'],
  [`attachment; filename=smoke.png`, 'smoke.png'],
  [`attachment; filename="a.png"; filename*=UTF-8''R%C3%BCckgabe%20%28neu%29.pdf`, 'Rückgabe (neu).pdf'],
  [`attachment; filename="C:\\\\Users\\\\ada\\\\bill.pdf"`, 'bill.pdf'],
  [`attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd`, 'passwd'],
])('reads %s', (header, name) => expect(fileNameIn(header)).toBe(name));

it.each([
  undefined,
  '',
  'attachment',
  `attachment; filename=""`,
  `attachment; filename=".."`,
  `attachment; filename*=UTF-8''%`,
  `attachment; filename*=UTF-8''a%00b`,
  `attachment; filename*=UTF-8''invoice%E2%80%AEfdp.exe`,
  `attachment; filename="${'x'.repeat(201)}"`,
])('takes no name from %j', (header) => expect(fileNameIn(header)).toBeUndefined());

it('reads back every name that it writes, which is one line of ASCII', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (text) => {
      const name = fileNameIn(`attachment; filename*=UTF-8''${encodeURIComponent(text)}`);
      if (name === undefined) return;
      expect(asAttachment(name)).toMatch(/^[\x20-\x7e]+$/);
      expect(fileNameIn(asAttachment(name))).toBe(name);
    }),
  ));
