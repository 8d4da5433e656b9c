import { agreedType, sniffedType } from './media-type';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

it.each([
  ['%PDF-1.7', 'application/pdf'],
  ['\x89PNG\r\n\x1a\n....', 'image/png'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['RIFF....WEBPVP8', 'image/webp'],
  ['PK\x03\x04....', 'application/zip'],
  ['name;place\nAda;London\n', 'text/plain'],
  ['', 'text/plain'],
])('tells %j by its bytes', (bytes, mediaType) => expect(sniffedType(latin1(bytes))).toBe(mediaType));

it('takes text in any encoding of single bytes, also cut in the middle of a character', () => {
  expect(sniffedType(Buffer.from('grüße ü').subarray(0, -1))).toBe('text/plain');
  expect(sniffedType(latin1('Stra\xdfe;1\r\n'))).toBe('text/plain');
});

it.each([
  'MZ\x90',
  '\x7fELF',
  '#!/bin/sh',
  '\xcf\xfa\xed\xfe',
  '<!DOCTYPE html>',
  ' <html>',
  '<?xml version="1.0"?><svg>',
  '<!-- x --><script>',
  '\0\0\0',
  '\xff\xfe\0h',
])('takes nothing that a reader’s machine would run or nobody knows: %j', (bytes) =>
  expect(sniffedType(latin1(bytes))).toBeUndefined(),
);

it('believes a claim that fits the bytes, and none that does not', () => {
  expect(agreedType('image/png', 'image/png')).toBe('image/png');
  expect(agreedType('image/png', 'application/octet-stream')).toBe('image/png');
  expect(agreedType('text/plain', 'text/csv')).toBe('text/csv');
  expect(agreedType('application/zip', 'application/vnd.oasis.opendocument.text')).toBe(
    'application/vnd.oasis.opendocument.text',
  );
  expect(agreedType('application/zip', 'image/png')).toBeUndefined();
  expect(agreedType('text/plain', 'text/html')).toBeUndefined();
});
