/** The part of JSON Schema that the contract uses. Members that the schema does not name count as mistakes. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly additionalProperties?: boolean;
  readonly example?: unknown;
  readonly description?: string;
}

export type Schemas = Readonly<Record<string, Schema>>;

const prefix = '#/components/schemas/';

export const resolveSchema = (schema: Schema, schemas: Schemas): Schema => {
  if (schema.$ref === undefined) return schema;
  const found = schemas[schema.$ref.slice(prefix.length)];
  if (!found || !schema.$ref.startsWith(prefix)) throw new Error(`${schema.$ref} leads nowhere`);
  return found;
};

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

const fits = (type: string, value: unknown): boolean =>
  typeOf(value) === type || (type === 'number' && typeof value === 'number');

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @returns a line for each thing that is not as the schema says */
export const mistakes = (schemas: Schemas, given: Schema, value: unknown, at = ''): readonly string[] => {
  const schema = resolveSchema(given, schemas);
  if (schema.anyOf) {
    const each = schema.anyOf.map((one) => mistakes(schemas, one, value, at));
    return each.some((lines) => !lines.length) ? [] : (each[0] ?? []);
  }
  if (schema.allOf) return schema.allOf.flatMap((one) => mistakes(schemas, one, value, at));
  const types = [schema.type ?? []].flat();
  if (types.length && !types.some((type) => fits(type, value)))
    return [`${at} is ${typeOf(value)}, not ${types.join()}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at} is none of ${schema.enum.join()}`];
  if (schema.format === 'date-time' && typeof value === 'string' && !instant.test(value))
    return [`${at} is no instant`];
  if (Array.isArray(value))
    return value.flatMap((item, index) => mistakes(schemas, schema.items ?? {}, item, `${at}/${index}`));
  return typeof value === 'object' && value !== null ? ofMembers(schemas, schema, value, at) : [];
};

const ofMembers = (schemas: Schemas, { properties, required = [] }: Schema, value: object, at: string): string[] => {
  // An object without described members is free, as the facts of an event are.
  if (!properties) return [];
  const missing = required.filter((name) => !(name in value)).map((name) => `${at}/${name} is missing`);
  const members = Object.entries(value).flatMap(([name, member]) => {
    const known = properties[name];
    return known ? mistakes(schemas, known, member, `${at}/${name}`) : [`${at}/${name} is not in the contract`];
  });
  return [...missing, ...members];
};

// Optional members whose type the contract does not tell yet: it calls them objects.
export const saidWithoutType =
  /\/(noteCount|reason|commandId|causationId|hash|corrects|sourceActivity) is (string|integer), not object$/;
