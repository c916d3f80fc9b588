import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Conversation {
  id: string;
  model: string;
  messages: { role: string; content: string }[];
}

const FILE = fileURLToPath(new URL('../../../shared/data/conversations.jsonl', import.meta.url));

/** The public conversations of the workplace; on a machine without them, as many made up in their image. */
export function realConversations(): Conversation[] {
  if (!existsSync(FILE)) return Array.from({ length: 430 }, (_, index) => madeUp(index));
  const lines = readFileSync(FILE, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Conversation).map(({ id, model, messages }) => ({ id, model, messages }));
}

function madeUp(index: number): Conversation {
  const content = `Frage ${index}: “Why?” – ${'naïve 日本語 🧪\n'.repeat(1 + (index % 90))}`;
  return { id: `made-up-${index}`, model: `model-${index % 7}`, messages: [{ role: 'user', content: 'Why?' }, { role: 'assistant', content }] };
}
