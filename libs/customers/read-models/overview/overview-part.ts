/**
 * One part of what there is to know about a customer, read in the one query of the overview.
 *
 * Its SQL may name `members (key)`, whom it is about, and the tables of parts before it.
 */
export interface OverviewPart<Name extends string = string> {
  readonly name: Name;
  /** Further tables of the `with`, by name. */
  readonly tables?: Readonly<Record<string, string>>;
  /** An expression that gives JSON. Lists have a limit and a total. */
  readonly sql: string;
}
