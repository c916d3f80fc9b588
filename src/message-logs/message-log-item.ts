import type { Violation } from '../platform/problems/problem.js';

/** One conversation as an application posts it, checked but for what depends on the caller and the time. */
export interface MessageLogItem {
  readonly id: string | null;
  readonly userId: string | undefined;
  readonly conversationId: string | null;
  readonly model: string;
  readonly messageCount: number;
  /** JSON text of the messages. */
  readonly text: string;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly latencyMs: number | null;
  /** JSON text. */
  readonly metadata: string | null;
  /** Milliseconds. */
  readonly createdAt: number | null;
}

export const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;
const ROLE_SET: ReadonlySet<unknown> = new Set(ROLES);
const FIELDS: ReadonlySet<string> = new Set([
  'id', 'userId', 'conversationId', 'model', 'messages', 'promptTokens', 'completionTokens', 'latencyMs', 'metadata', 'createdAt',
]);
/** What we add when a log is read; a client that posts what it read echoes it. */
const READ_ONLY: ReadonlySet<string> = new Set(['messageCount']);
const MAX_MESSAGES = 1000;
const MAX_TEXT_BYTES = 8 * 1024 * 1024;
const MAX_METADATA_BYTES = 16 * 1024;
const MAX_NUMBER = 1_000_000_000;
const EARLIEST = Date.parse('2000-01-01T00:00:00Z');

/** Names and ids: nothing that cannot be seen, and no half characters. */
const VISIBLE = /^[^\p{C}\p{Z}]{1,128}$/u;
const NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;
const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Plain code, because it runs for every message of every request. Fills `violations` and answers undefined at a flaw. */
export function parseItem(plain: unknown, pointer: string, violations: Violation[]): MessageLogItem | undefined {
  if (!isRecord(plain)) return flaw(violations, pointer, 'object', 'A message log must be a JSON object.');
  const before = violations.length;
  const check = new Fields(plain, pointer, violations);
  const unknown = Object.keys(plain).find((name) => !FIELDS.has(name) && !READ_ONLY.has(name));
  if (unknown !== undefined) check.flaw(unknown, 'unknown-field', `There is no field "${unknown}" here.`);
  const item = {
    id: check.text('id', VISIBLE, '1 to 128 visible characters'),
    userId: check.text('userId', VISIBLE, 'the id of a user') ?? undefined,
    conversationId: check.text('conversationId', NAME, '1 to 128 characters without control characters'),
    model: check.model(),
    messageCount: Array.isArray(plain.messages) ? plain.messages.length : 0,
    text: check.messages(),
    promptTokens: check.count('promptTokens'),
    completionTokens: check.count('completionTokens'),
    latencyMs: check.count('latencyMs'),
    metadata: check.metadata(),
    createdAt: check.instant(),
  };
  return violations.length === before ? item : undefined;
}

/** The fields of one item. What is wrong goes into the violations; the value answered then does not matter. */
class Fields {
  constructor(
    private readonly plain: Record<string, unknown>,
    private readonly pointer: string,
    private readonly violations: Violation[],
  ) {}

  flaw(name: string, code: string, detail: string): void {
    flaw(this.violations, `${this.pointer}/${escaped(name)}`, code, detail);
  }

  text(name: string, pattern: RegExp, what: string): string | null {
    const value = this.plain[name];
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string' || !pattern.test(value)) this.flaw(name, 'text', `${name} must be ${what}.`);
    return value as string;
  }

  model(): string {
    const { model } = this.plain;
    const name = typeof model === 'string' ? model.normalize('NFC').trim() : '';
    if (!NAME.test(name)) this.flaw('model', 'text', 'model must be 1 to 128 characters without control characters.');
    return name;
  }

  messages(): string {
    const { messages } = this.plain;
    if (!Array.isArray(messages) || messages.length === 0 || messages.length > MAX_MESSAGES) {
      this.flaw('messages', 'array', `messages must be a list of 1 to ${MAX_MESSAGES} messages.`);
      return '';
    }
    // The first flaw will do: an answer that names a thousand would be larger than the request.
    if (messages.some((message, index) => this.messageHasFlaw(message, `messages/${index}`))) return '';
    const text = JSON.stringify(messages);
    if (text.length > MAX_TEXT_BYTES / 3 && Buffer.byteLength(text) > MAX_TEXT_BYTES) this.flaw('messages', 'too-large', `messages must be at most ${MAX_TEXT_BYTES} bytes of JSON.`);
    return text;
  }

  private messageHasFlaw(message: unknown, at: string): boolean {
    if (!isRecord(message)) return this.inMessage(at, 'object', 'A message must be an object with role and content.');
    for (const name in message) if (name !== 'role' && name !== 'content') return this.inMessage(`${at}/${escaped(name)}`, 'unknown-field', `There is no field "${name}" here.`);
    if (!ROLE_SET.has(message.role)) return this.inMessage(`${at}/role`, 'role', `role must be one of ${ROLES.join(', ')}.`);
    return typeof message.content !== 'string' && this.inMessage(`${at}/content`, 'text', 'content must be text.');
  }

  private inMessage(at: string, code: string, detail: string): true {
    flaw(this.violations, `${this.pointer}/${at}`, code, detail);
    return true;
  }

  count(name: string): number | null {
    const value = this.plain[name];
    if (value === undefined || value === null) return null;
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > MAX_NUMBER) this.flaw(name, 'integer', `${name} must be a whole number from 0 to ${MAX_NUMBER}.`);
    return value as number;
  }

  metadata(): string | null {
    const { metadata } = this.plain;
    if (metadata === undefined || metadata === null) return null;
    const text = isRecord(metadata) ? jsonOf(metadata) : undefined;
    if (text === undefined || Buffer.byteLength(text) > MAX_METADATA_BYTES) this.flaw('metadata', 'object', 'metadata must be an object of at most 16 KB of JSON.');
    return text ?? null;
  }

  instant(): number | null {
    const { createdAt } = this.plain;
    if (createdAt === undefined || createdAt === null) return null;
    const at = typeof createdAt === 'string' ? instantOf(createdAt) : NaN;
    if (!(at >= EARLIEST)) this.flaw('createdAt', 'instant', 'createdAt must be an RFC 3339 instant since the year 2000, such as 2026-03-02T12:00:00Z.');
    return at;
  }
}

/** Milliseconds, or NaN. JavaScript alone would take February 30th for March 2nd. */
export function instantOf(text: string): number {
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) >= 1 && Number(day) <= daysInMonth ? Date.parse(text) : NaN;
}

/** Undefined where the nesting is deeper than can be written down. */
function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As RFC 6901 has it. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function flaw(violations: Violation[], pointer: string, code: string, detail: string): undefined {
  violations.push({ pointer, code, detail });
  return undefined;
}
