/** What stands in a record under a name that anybody may send, such as `constructor`: never what every object has. */
export const ownMember = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
