/** What is counted by the day alone. */
export type DayCount = 'signUps' | 'deletions' | 'signIns' | 'conversations' | 'messages' | 'promptTokens' | 'completionTokens' | 'limitRefusals' | 'creditRefusals' | 'creditsSpent';

/** Conversations, messages, prompt tokens, completion tokens. */
export type Talk = [number, number, number, number];

export interface Conversation {
  readonly day: string;
  readonly userId: string;
  readonly model: string;
  readonly messages: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

interface Document {
  readonly days: (readonly [string, DayCount, number])[];
  readonly users: (readonly [string, string, ...Talk])[];
  readonly models: (readonly [string, string, ...Talk])[];
}

/** Counts by day, by user and day and by model and day, which add up. */
export class Tally {
  readonly days = new Table<DayCount, [number]>();
  readonly users = new Table<string, Talk>();
  readonly models = new Table<string, Talk>();

  static of(json: string): Tally {
    const { days, users, models } = JSON.parse(json) as Document;
    const tally = new Tally();
    for (const [day, what, number] of days) tally.count(day, what, number);
    for (const [day, userId, ...talk] of users) tally.users.add(day, userId, talk);
    for (const [day, model, ...talk] of models) tally.models.add(day, model, talk);
    return tally;
  }

  get isEmpty(): boolean {
    return this.days.isEmpty && this.users.isEmpty;
  }

  count(day: string, what: DayCount, number = 1): this {
    this.days.add(day, what, [number]);
    return this;
  }

  /** The user was there on that day. */
  saw(day: string, userId: string): this {
    this.users.add(day, userId, [0, 0, 0, 0]);
    return this;
  }

  conversation({ day, userId, model, messages, promptTokens, completionTokens }: Conversation): void {
    const talk: Talk = [1, messages, promptTokens, completionTokens];
    this.users.add(day, userId, talk);
    this.models.add(day, model, talk);
    this.count(day, 'conversations').count(day, 'messages', messages).count(day, 'promptTokens', promptTokens).count(day, 'completionTokens', completionTokens);
  }

  merge(other: Tally): this {
    this.days.merge(other.days);
    this.users.merge(other.users);
    this.models.merge(other.models);
    return this;
  }

  /** Lists rather than objects: a model may be called `__proto__`. */
  get json(): string {
    const document: Document = { days: this.days.rows(), users: this.users.rows(), models: this.models.rows() };
    return JSON.stringify(document);
  }
}

/** Rows of numbers under a day and a name. */
class Table<Name extends string, Numbers extends number[]> {
  private readonly byDay = new Map<string, Map<Name, Numbers>>();

  get isEmpty(): boolean {
    return this.byDay.size === 0;
  }

  add(day: string, name: Name, numbers: Numbers): void {
    let ofDay = this.byDay.get(day);
    if (!ofDay) this.byDay.set(day, ofDay = new Map<Name, Numbers>());
    const row = ofDay.get(name);
    if (!row) ofDay.set(name, [...numbers] as Numbers);
    else numbers.forEach((number, index) => (row[index]! += number));
  }

  merge(other: Table<Name, Numbers>): void {
    for (const [day, ofDay] of other.byDay) for (const [name, numbers] of ofDay) this.add(day, name, numbers);
  }

  rows(): (readonly [string, Name, ...Numbers])[] {
    return [...this.byDay].flatMap(([day, ofDay]) => [...ofDay].map(([name, numbers]) => [day, name, ...numbers] as const));
  }
}
