import { createReadStream } from 'node:fs';
import { linesOf } from '../lines.js';
import { CommandFailed } from '../output.js';

export interface Conversation {
  readonly id: string;
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** JSONL: `{id, model, messages: [{role, content}]}` a line; other members are ignored, empty lines skipped. */
export async function readConversations(path: string, limit: number): Promise<Conversation[]> {
  const conversations = new Map<string, Conversation>();
  let number = 0;
  for await (const line of linesIn(path)) {
    number += 1;
    if (line.trim() === '') continue;
    if (conversations.size === limit) break;
    const conversation = parse(line, `${path}, line ${number}`);
    if (conversations.has(conversation.id)) throw new CommandFailed(`${path}, line ${number}: the id "${conversation.id}" was there before.`);
    conversations.set(conversation.id, conversation);
  }
  if (conversations.size === 0) throw new CommandFailed(`${path} has no conversations.`);
  return [...conversations.values()];
}

async function* linesIn(path: string): AsyncGenerator<string> {
  try {
    yield* linesOf(createReadStream(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandFailed(code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${message}`);
  }
}

function parse(line: string, place: string): Conversation {
  let plain: Partial<Conversation> | null;
  try {
    plain = JSON.parse(line) as Partial<Conversation> | null;
  } catch {
    throw new CommandFailed(`${place} is not JSON.`);
  }
  const { id, model, messages } = plain ?? {};
  if (!['string', 'number'].includes(typeof id) || typeof model !== 'string' || !Array.isArray(messages)) {
    throw new CommandFailed(`${place} is no conversation: it needs id, model and messages.`);
  }
  return { id: String(id), model, messages: (messages as Conversation['messages']).map(({ role, content }) => ({ role, content })) };
}
