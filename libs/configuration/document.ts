import { Fault, fault, step } from '../service-levels/fault';
import { PRIORITIES } from '../service-levels/policy';
import {
  CatalogueBodies,
  CatalogueKind,
  catalogueKinds,
  fieldKinds,
  grades,
  kinds,
  namedStatuses,
  PriorityMatrix,
  RoutingBody,
  RoutingMatch,
} from './definitions';

/**
 * A configuration as people write it. What a section does not list is retired; a section that is left out stays as it is.
 *
 * Reading is total: every fault is named with its place, and what is left out has the value that means nothing.
 */
export type ConfigurationDocument = {
  readonly [K in CatalogueKind]?: Readonly<Record<string, CatalogueBodies[K]>>;
} & {
  readonly priorities?: PriorityMatrix;
  /** Teams by handle or id, until they are looked up. */
  readonly routing?: RoutingBody;
};

export interface ReadDocument {
  readonly document: ConfigurationDocument;
  readonly faults: readonly Fault[];
}

const nameCharactersMax = 120;
const entriesMax = 2_000;
const membersMax = 200;
const rulesMax = 500;
/** As the codes that requests may name. */
const idPattern = /^[\p{L}\p{N}][\p{L}\p{N} ._/&+:-]{0,79}$/u;

/** One place of a document, and where its faults go. */
class Place {
  constructor(
    readonly value: unknown,
    readonly pointer: string,
    private readonly faults: Fault[],
  ) {}

  refuse(code: string, detail: string): void {
    this.faults.push(fault(this.pointer, code, detail));
  }

  at(name: string | number): Place {
    const value: unknown = Object.hasOwn(Object(this.value), name) ? Object(this.value)[name] : undefined;
    return new Place(value, `${this.pointer}${step(name)}`, this.faults);
  }

  /** Places of all members; none, and a fault, when it is no object or has members that are not known. */
  members(known?: readonly string[], countMax = known?.length ?? membersMax): readonly (readonly [string, Place])[] {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      this.refuse('NOT_AN_OBJECT', 'must be an object');
      return [];
    }
    const names = Object.keys(this.value);
    if (names.length > countMax) {
      this.refuse('TOO_MANY', `has more than ${countMax} members`);
      return [];
    }
    return names.flatMap((name) => {
      const place = this.at(name);
      if (!known || known.includes(name)) return [[name, place] as const];
      place.refuse('UNKNOWN_PROPERTY', 'is not known here');
      return [];
    });
  }

  items(countMax: number): readonly Place[] {
    if (!Array.isArray(this.value) || this.value.length > countMax) {
      this.refuse('NOT_A_LIST', `must be a list of at most ${countMax}`);
      return [];
    }
    return this.value.map((_, index) => this.at(index));
  }

  name(): string {
    const { value } = this;
    if (typeof value === 'string' && value.trim() !== '' && [...value].length <= nameCharactersMax) return value;
    this.refuse('NOT_A_NAME', `must be a text of 1 to ${nameCharactersMax} characters`);
    return '';
  }

  id(): string {
    if (typeof this.value === 'string' && idPattern.test(this.value)) return this.value;
    this.refuse('NOT_AN_ID', 'must be 1 to 80 letters, digits, spaces or . _ / & + : -');
    return '';
  }

  oneOf<T extends string>(words: readonly T[]): T {
    const word = words.find((each) => each === this.value);
    if (word === undefined) this.refuse('UNKNOWN_WORD', `must be one of ${words.join(', ')}`);
    return word ?? words[0]!;
  }

  get isAbsent(): boolean {
    return this.value === undefined;
  }
}

const record = <T>(
  place: Place,
  read: (member: Place) => T,
  known?: readonly string[],
  countMax?: number,
): Readonly<Record<string, T>> =>
  place.isAbsent
    ? {}
    : Object.fromEntries(place.members(known, countMax).map(([name, member]) => [name, read(member)]));

const bodies: { readonly [K in CatalogueKind]: (place: Place) => CatalogueBodies[K] } = {
  types: (place) => {
    place.members(['name', 'statusNames', 'fields']);
    return {
      name: place.at('name').name(),
      statusNames: record(place.at('statusNames'), (each) => each.name(), namedStatuses),
      fields: record(place.at('fields'), (each) => each.oneOf(['required', 'optional'] as const)),
    };
  },
  fields: (place) => {
    place.members(['name', 'kind', 'choices']);
    const kind = place.at('kind').oneOf(fieldKinds);
    const choices = record(place.at('choices'), (each) => each.name());
    if ((kind === 'choice') !== Object.keys(choices).length > 0)
      place.refuse('CHOICES', 'a choice has choices, and nothing else has');
    return { name: place.at('name').name(), kind, choices };
  },
  categories: (place) => {
    place.members(['name', 'parent']);
    const parent = place.at('parent');
    return { name: place.at('name').name(), parent: parent.isAbsent || parent.value === null ? null : parent.id() };
  },
  products: (place) => {
    place.members(['name']);
    return { name: place.at('name').name() };
  },
  codes: (place) => {
    place.members(['name']);
    return { name: place.at('name').name() };
  },
};

const catalogue = <K extends CatalogueKind>(place: Place, kind: K): Readonly<Record<string, CatalogueBodies[K]>> =>
  Object.fromEntries(
    place.members(undefined, entriesMax).map(([id, entry]) => {
      if (!idPattern.test(id)) entry.refuse('NOT_AN_ID', 'an id has 1 to 80 letters, digits, spaces or . _ / & + : -');
      return [id, bodies[kind](entry)];
    }),
  );

const matrix = (place: Place): PriorityMatrix => {
  place.members(grades);
  const row = (impact: Place) => {
    impact.members(grades);
    const [low, medium, high] = grades.map((urgency) => impact.at(urgency).oneOf(PRIORITIES));
    return { low: low!, medium: medium!, high: high! };
  };
  const [low, medium, high] = grades.map((impact) => row(place.at(impact)));
  return { low: low!, medium: medium!, high: high! };
};

const words = (place: Place): readonly string[] => place.items(membersMax).map((each) => each.id());

const readers = {
  ...{ types: words, categories: words, products: words, languages: words, segments: words },
  priorities: (place: Place) => place.items(membersMax).map((each) => each.oneOf(PRIORITIES)),
  impacts: (place: Place) => place.items(membersMax).map((each) => each.oneOf(grades)),
} satisfies { readonly [L in keyof Required<RoutingMatch>]: (place: Place) => Required<RoutingMatch>[L] };

const match = (place: Place): RoutingMatch =>
  place.isAbsent
    ? {}
    : Object.fromEntries(
        place
          .members(Object.keys(readers))
          .map(([list, member]) => [list, readers[list as keyof typeof readers](member)]),
      );

const rules = (place: Place): RoutingBody => {
  place.members(['rules']);
  const seen = new Set<string>();
  return {
    rules: place
      .at('rules')
      .items(rulesMax)
      .map((rule) => {
        rule.members(['id', 'when', 'team', 'skills']);
        const id = rule.at('id').id();
        if (seen.has(id)) rule.at('id').refuse('RULE_TWICE', `there is a rule ${id} already`);
        seen.add(id);
        const skills = rule.at('skills');
        return {
          id,
          when: match(rule.at('when')),
          team: rule.at('team').id(),
          skills: skills.isAbsent ? [] : words(skills),
        };
      }),
  };
};

/** Reads what somebody wrote, whatever it is. */
export const readDocument = (value: unknown): ReadDocument => {
  const faults: Fault[] = [];
  const root = new Place(value, '', faults);
  const given = new Map(root.members(kinds));
  const sections = catalogueKinds.flatMap((kind) => {
    const place = given.get(kind);
    return place ? [[kind, catalogue(place, kind)] as const] : [];
  });
  const [priorities, routing] = [given.get('priorities'), given.get('routing')];
  const document = {
    ...Object.fromEntries(sections),
    ...(priorities ? { priorities: matrix(priorities) } : {}),
    ...(routing ? { routing: rules(routing) } : {}),
  };
  return { document, faults };
};
