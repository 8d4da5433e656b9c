/** Names of files in the header `Content-Disposition` (RFC 6266), as they come in and as they go out. */
const charactersMax = 200;

const decoded = (encoded: string): string | undefined => {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
};

const named = (header: string): string | undefined => {
  const [, extended] = /(?:^|;)\s*filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(header) ?? [];
  if (extended !== undefined) return decoded(extended);
  const [, quoted, token] = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(header) ?? [];
  return quoted?.replace(/\\(.)/g, '$1') ?? token;
};

/** Without the folders it lay in. @returns undefined when there is none that could be kept */
export const fileNameIn = (header: string | undefined): string | undefined => {
  const name = named(header ?? '')
    ?.split(/[/\\]/)
    .at(-1)
    ?.trim();
  // Controls, lone surrogates, and signs that let a name read otherwise than it is: invoice_fdp.exe.
  const isKept = name && !/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(name) && !/^\.+$/.test(name);
  return isKept && [...name].length <= charactersMax ? name : undefined;
};

/** For saving, never for showing in the browser. */
export const asAttachment = (name: string): string => {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
};
