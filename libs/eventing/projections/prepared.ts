/**
 * A statement that is sent again and again: each connection parses and plans it once and knows it by its name afterwards.
 *
 * Only for texts of which there are few, and whose plan does not hang on the values: one row by its key is, a stretch of the log is not.
 */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

const names = new Map<string, string>();

export const prepared = (text: string, values: readonly unknown[] = []): PreparedStatement => {
  const name = names.get(text) ?? `statement-${names.size}`;
  names.set(text, name);
  return { name, text, values: [...values] };
};
