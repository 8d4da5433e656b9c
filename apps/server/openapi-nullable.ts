/**
 * Says `null` as OpenAPI 3.1 does. The generator writes 3.0's `nullable: true`, which 3.1 no longer knows and readers ignore.
 */
export const withNullTypes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withNullTypes);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...schema } = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withNullTypes(member)]),
  );
  return nullable === true ? orNull(schema) : nullable === undefined ? schema : { ...schema, nullable };
};

const orNull = (schema: Readonly<Record<string, unknown>>): object => {
  const { type, enum: words, allOf, ...rest } = schema;
  // All of something and null is nothing at all: what a reference asks for must be one choice of two.
  if (Array.isArray(allOf)) return { ...rest, anyOf: [...allOf, { type: 'null' }] };
  // A reference has no type of its own to add to.
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [type, 'null'], ...(Array.isArray(words) ? { enum: [...words, null] } : {}) };
};
