import { type Dialect, MYSQL, placeholders, type SqlConnection } from '../../platform/database/sql.js';
import type { LogRow } from './log-row.js';

interface Column {
  readonly name: string;
  /** As MySQL names it. */
  readonly type: string;
  of(row: LogRow): string | number | null;
}

export interface LogTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** A last column for the sealed text. */
  readonly hasText?: boolean;
}

const ID = 'VARCHAR(36)';
const NAME = 'VARCHAR(128)';

export const KEYS: LogTable = {
  name: 'message_log_keys',
  columns: [
    { name: 'user_id', type: ID, of: (row) => row.userId },
    { name: 'client_id', type: NAME, of: (row) => row.clientId },
    { name: 'log_id', type: ID, of: (row) => row.id },
  ],
};
export const LOGS: LogTable = {
  name: 'message_logs',
  columns: [
    { name: 'id', type: ID, of: (row) => row.id },
    { name: 'user_id', type: ID, of: (row) => row.userId },
    { name: 'client_id', type: NAME, of: (row) => row.clientId },
    { name: 'conversation_id', type: NAME, of: (row) => row.conversationId },
    { name: 'model', type: NAME, of: (row) => row.model },
    { name: 'message_count', type: 'INT', of: (row) => row.messageCount },
    { name: 'prompt_tokens', type: 'INT', of: (row) => row.promptTokens },
    { name: 'completion_tokens', type: 'INT', of: (row) => row.completionTokens },
    { name: 'latency_ms', type: 'INT', of: (row) => row.latencyMs },
    { name: 'metadata', type: 'TEXT', of: (row) => row.metadata },
    { name: 'created_at', type: 'DATETIME(3)', of: (row) => row.createdAt.toISOString().replace('T', ' ').slice(0, 23) },
  ],
};
export const TEXTS: LogTable = { name: 'message_texts', columns: [{ name: 'id', type: ID, of: (row) => row.id }], hasText: true };

/** Inserts the rows and answers how many there were; those whose key exists are skipped if `ignore` says so. */
export function bulkInsert(tx: SqlConnection, dialect: Dialect, table: LogTable, rows: readonly LogRow[], ignore: boolean): Promise<number> {
  return dialect === MYSQL ? asOneDocument(tx, table, rows, ignore) : oneByOne(tx, dialect, table, rows, ignore);
}

/**
 * All rows in one JSON parameter and all texts in one of bytes. One statement serves any number of rows, and costs this
 * process a third of what a parameter for each value does (docs/decisions/0003-intake.md).
 */
async function asOneDocument(tx: SqlConnection, table: LogTable, rows: readonly LogRow[], ignore: boolean): Promise<number> {
  const { columns, hasText } = table;
  let at = 1;
  const document = rows.map((row) => {
    const values = columns.map((column) => column.of(row));
    if (hasText) {
      values.push(at, row.sealed.length);
      at += row.sealed.length;
    }
    return values;
  });
  const json = JSON.stringify(document);
  const { affected } = await tx.execute(statementOf(table, ignore), hasText ? [Buffer.concat(rows.map((row) => row.sealed)), json] : [json]);
  return affected;
}

const statements = new Map<string, string>();

function statementOf(table: LogTable, ignore: boolean): string {
  const key = `${table.name} ${ignore}`;
  let statement = statements.get(key);
  if (!statement) statements.set(key, (statement = documentInsert(table, ignore)));
  return statement;
}

/** ERROR ON ERROR: a value that does not fit must not become NULL in silence. */
function documentInsert({ name, columns, hasText }: LogTable, ignore: boolean): string {
  const names = columns.map((column) => column.name);
  const read = [...columns, ...(hasText ? [{ name: 'text_at', type: 'INT' }, { name: 'text_length', type: 'INT' }] : [])];
  const paths = read.map((column, index) => `${column.name} ${column.type} PATH '$[${index}]' ERROR ON ERROR`);
  const [into, select] = hasText ? [[...names, 'sealed'], [...names, 'SUBSTRING(?, text_at, text_length)']] : [names, names];
  return `INSERT ${ignore ? 'IGNORE ' : ''}INTO ${name} (${into.join(', ')}) SELECT ${select.join(', ')} FROM JSON_TABLE(?, '$[*]' COLUMNS (${paths.join(', ')})) AS document`;
}

/** Inside the process a statement a row is the cheapest. */
async function oneByOne(tx: SqlConnection, dialect: Dialect, { name, columns, hasText }: LogTable, rows: readonly LogRow[], ignore: boolean): Promise<number> {
  const into = [...columns.map((column) => column.name), ...(hasText ? ['sealed'] : [])];
  const statement = `${ignore ? dialect.insertIgnore : 'INSERT INTO'} ${name} (${into.join(', ')}) VALUES (${placeholders(into.length)})`;
  let inserted = 0;
  for (const row of rows) {
    const values = columns.map((column) => column.of(row));
    inserted += (await tx.execute(statement, hasText ? [...values, row.sealed] : values)).affected;
  }
  return inserted;
}
