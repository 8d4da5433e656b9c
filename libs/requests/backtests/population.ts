import { type ServiceEvent } from '../../service-levels/clock-state';

/**
 * The histories of a whole population, packed so that a million cases fit into memory: 16 bytes an event, and each distinct
 * content of an event once.
 *
 * Events are added in the log's order, in which those of one case are in the order of their revisions; cases are numbered in
 * the order in which they appear.
 */
export type Content = Omit<ServiceEvent, 'at' | 'revision'>;

/** What an event says of the case, beside what clocks ask. */
export interface Facts {
  readonly type?: string;
  readonly category?: string | null;
  readonly product?: string | null;
  readonly team?: string | null;
  readonly priority?: string;
}

export interface CaseFacts {
  /** What it was like when it was opened. */
  readonly first: Facts;
  /** What it is in the end. */
  readonly type: string;
  readonly team: string | null;
}

/** What has happened to a case, as far as it changes something. */
export interface Course {
  readonly contents: readonly Content[];
  /** Stands for the contents: within a population equal names have equal contents. */
  readonly name: string;
  /** When each of them was reached: never before the one that it comes after. */
  readonly instants: readonly number[];
  /** The last instant that was reached, also by what only moves the time. */
  readonly lastAt: number;
}

/** What stands behind one text. */
export interface Meaning {
  /** null for what only moves the time. */
  readonly content: Content | null;
  /** null when it says nothing. */
  readonly facts: Facts | null;
}

const eventsAtFirst = 1 << 16;

/** The same text by itself: one that was cut out of a longer one keeps all of that in memory. */
const alone = (text: string): string => Buffer.from(text).toString();

const grown = <T extends Float64Array | Int32Array>(array: T, make: (length: number) => T): T => {
  const larger = make(array.length * 2);
  larger.set(array);
  return larger;
};

export class Population {
  readonly keys: string[] = [];
  events = 0;
  private readonly byKey = new Map<string, number>();
  private readonly contents: (Content | null)[] = [];
  private readonly folded: (Content | null)[] = [];
  private readonly facts: (Facts | null)[] = [];
  private readonly byText = new Map<string, number>();
  private cases = new Int32Array(eventsAtFirst);
  private instants = new Float64Array(eventsAtFirst);
  private kinds = new Int32Array(eventsAtFirst);
  private starts = new Int32Array(0);
  private order = new Int32Array(0);

  /** @param text stands for the meaning: equal texts have equal meanings */
  add(key: string, at: number, text: string, meaning: (text: string) => Meaning): void {
    if (this.events === this.cases.length) this.grow();
    this.cases[this.events] = this.caseOf(key);
    this.instants[this.events] = at;
    this.kinds[this.events] = this.kindOf(text, meaning);
    this.events++;
  }

  /** Puts the events of each case side by side; nothing is added after it. */
  close(): void {
    this.starts = new Int32Array(this.keys.length + 1);
    for (let event = 0; event < this.events; event++) this.starts[this.cases[event]! + 1]!++;
    for (let index = 0; index < this.keys.length; index++) this.starts[index + 1]! += this.starts[index]!;
    const next = this.starts.slice();
    this.order = new Int32Array(this.events);
    for (let event = 0; event < this.events; event++) this.order[next[this.cases[event]!]!++] = event;
  }

  /** Terms that events name. */
  terms(): readonly string[] {
    return [...new Set(this.contents.flatMap((content) => content?.terms ?? []))];
  }

  /** From now on courses hold what changes something, and of the rest the time alone. */
  simplify(isIdle: (content: Content) => boolean): void {
    for (const [kind, content] of this.contents.entries())
      this.folded[kind] = content && !isIdle(content) ? content : null;
  }

  factsOf(index: number): CaseFacts {
    let first: Facts | undefined;
    let [type, team]: [string | undefined, string | null | undefined] = [undefined, undefined];
    for (let place = this.starts[index]!; place < this.starts[index + 1]!; place++) {
      const facts = this.facts[this.kinds[this.order[place]!]!];
      if (!facts) continue;
      first ??= facts;
      type = facts.type ?? type;
      team = facts.team === undefined ? team : facts.team;
    }
    return { first: first ?? {}, type: type ?? '', team: team ?? null };
  }

  /** What clocks ask of a case, from its opening on; undefined when it was never opened. */
  courseOf(index: number): Course | undefined {
    const [contents, instants]: [Content[], number[]] = [[], []];
    let [name, lastAt] = ['', -Infinity];
    for (let place = this.starts[index]!; place < this.starts[index + 1]!; place++) {
      const event = this.order[place]!;
      const kind = this.kinds[event]!;
      const content = this.folded[kind];
      if (!contents.length && content?.kind !== 'opened') continue;
      lastAt = Math.max(lastAt, this.instants[event]!);
      if (!content) continue;
      contents.push(content);
      instants.push(lastAt);
      name += `${kind} `;
    }
    return contents.length ? { name, contents, instants, lastAt } : undefined;
  }

  private caseOf(key: string): number {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const own = alone(key);
    this.byKey.set(own, this.keys.length);
    return this.keys.push(own) - 1;
  }

  private kindOf(text: string, meaning: (text: string) => Meaning): number {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const own = alone(text);
    this.byText.set(own, this.contents.length);
    const { content, facts } = meaning(own);
    this.folded.push(content);
    this.facts.push(facts);
    return this.contents.push(content) - 1;
  }

  private grow(): void {
    this.cases = grown(this.cases, (length) => new Int32Array(length));
    this.instants = grown(this.instants, (length) => new Float64Array(length));
    this.kinds = grown(this.kinds, (length) => new Int32Array(length));
  }
}
