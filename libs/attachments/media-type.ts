/** Which files are taken, told by their first bytes: what a name or a header claims is only compared with it. */
export const sniffedBytes = 4_096;

interface Signature {
  readonly mediaType: string;
  readonly at?: number;
  /** Latin-1. */
  readonly bytes: string;
}

const signatures: readonly Signature[] = [
  { mediaType: 'application/pdf', bytes: '%PDF-' },
  { mediaType: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { mediaType: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { mediaType: 'image/gif', bytes: 'GIF87a' },
  { mediaType: 'image/gif', bytes: 'GIF89a' },
  { mediaType: 'image/webp', at: 8, bytes: 'WEBP' },
  { mediaType: 'image/tiff', bytes: 'II*\0' },
  { mediaType: 'image/tiff', bytes: 'MM\0*' },
  { mediaType: 'image/heic', at: 4, bytes: 'ftypheic' },
  { mediaType: 'video/mp4', at: 4, bytes: 'ftyp' },
  { mediaType: 'audio/mpeg', bytes: 'ID3' },
  { mediaType: 'audio/wav', at: 8, bytes: 'WAVE' },
  { mediaType: 'application/zip', bytes: 'PK\x03\x04' },
  { mediaType: 'application/gzip', bytes: '\x1f\x8b' },
  // The older documents of Microsoft Office.
  { mediaType: 'application/x-ole-storage', bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' },
];

// Programs and pages that a reader's machine would run.
const refused: readonly RegExp[] = [
  /^MZ/,
  /^\x7fELF/,
  /^(\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/,
  /^#!/,
  /^(\xef\xbb\xbf)?\s*(<!--[^]*?-->\s*)*<(!doctype\s+html|html|script|svg|\?xml[^>]*\?>\s*<svg)/i,
];

/** What else than itself a kind of bytes may be called: containers have many names, and text is whatever its reader makes of it. */
const alsoCalled: Readonly<Record<string, RegExp>> = {
  'application/zip':
    /^application\/(vnd\.(openxmlformats-officedocument|oasis\.opendocument)\.[\w.-]+|x-zip-compressed)$/,
  'application/x-ole-storage': /^application\/(msword|vnd\.ms-(excel|powerpoint|outlook))$/,
  'application/gzip': /^application\/x-gzip$/,
  'video/mp4': /^(video\/quicktime|audio\/mp4)$/,
  'text/plain': /^(text\/(csv|markdown|calendar|vcard|x-log)|message\/rfc822)$/,
};

const unknown = 'application/octet-stream';

/** Whatever its encoding: bytes below 32 are tabs and ends of lines. UTF-16 is not text by this. */
const isText = (start: Buffer): boolean => start.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));

/** @returns undefined for what is not taken @param start the first `sniffedBytes` of it, or all */
export const sniffedType = (start: Buffer): string | undefined => {
  const bytes = start.toString('latin1');
  if (refused.some((pattern) => pattern.test(bytes))) return undefined;
  const known = signatures.find(({ at = 0, bytes: mark }) => bytes.startsWith(mark, at));
  return known?.mediaType ?? (isText(start) ? 'text/plain' : undefined);
};

/** What a file is called from now on: the more exact name where the claim fits the bytes. @returns undefined when it does not */
export const agreedType = (sniffed: string, claimed: string): string | undefined => {
  if (claimed === sniffed || claimed === unknown) return sniffed;
  return alsoCalled[sniffed]?.test(claimed) ? claimed : undefined;
};
