import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MasterKey, masterKeyOf, newMasterKey } from './master-key.js';

const CURRENT = 'master.key';
const MASTER = /^master(?:\.[0-9a-f]+)?\.key$/;

/**
 * DATA_DIR/keys: `master.key` is the current master key, `master.<id>.key` are others that can still be read. Each change is on the
 * disk before the call returns, because values that only the new key opens may follow at once.
 */
export class KeyFolder {
  readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'keys');
  }

  /** Makes the first master key if there is none. Of processes that make it at once one does, and is told so. */
  ensureCurrent(): boolean {
    return !existsSync(join(this.path, CURRENT)) && this.write(CURRENT, newMasterKey());
  }

  current(): MasterKey | undefined {
    return this.read(CURRENT);
  }

  /** Every master key that lies here. */
  all(): MasterKey[] {
    return this.names().flatMap((name) => this.read(name) ?? []);
  }

  /** The name of each file that holds this key. */
  filesOf(id: string): string[] {
    return this.names().filter((name) => this.read(name)?.id === id);
  }

  /** The text of each file by its name. */
  texts(): Record<string, string> {
    return Object.fromEntries(this.names().flatMap((name) => {
      const text = readIfThere(join(this.path, name));
      return text === undefined ? [] : [[name, text]];
    }));
  }

  /** A key that can be read from now on, but wraps nothing yet. */
  add(text: string = newMasterKey()): MasterKey {
    const key = masterKeyOf(text, this.path);
    if (this.filesOf(key.id).length === 0) this.write(nameOf(key.id), text);
    return key;
  }

  /** Whenever this is interrupted, both keys are there: each lies under its id too, until `master.key` surely holds the new one. */
  makeCurrent(key: MasterKey): void {
    const former = this.current();
    if (former?.id === key.id) return;
    for (const each of former ? [former, key] : [key]) this.write(nameOf(each.id), textOf(each));
    renameSync(this.draft(textOf(key)), join(this.path, CURRENT));
    this.flush();
    rmSync(join(this.path, nameOf(key.id)));
  }

  /** Removes a key that is not the current one. */
  remove(id: string): void {
    if (this.current()?.id === id) throw new Error('The current master key cannot be removed.');
    for (const name of this.filesOf(id)) rmSync(join(this.path, name));
    this.flush();
  }

  private names(): string[] {
    return existsSync(this.path) ? readdirSync(this.path).filter((name) => MASTER.test(name)).sort() : [];
  }

  private read(name: string): MasterKey | undefined {
    const path = join(this.path, name);
    const text = readIfThere(path);
    return text === undefined ? undefined : masterKeyOf(text, path);
  }

  /** Leaves a file that is there as it is, and then answers false. */
  private write(name: string, text: string): boolean {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const draft = this.draft(text);
    try {
      linkSync(draft, join(this.path, name));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      rmSync(draft);
      this.flush();
    }
  }

  private draft(text: string): string {
    const path = join(this.path, `.draft.${process.pid}.${randomBytes(4).toString('hex')}`);
    writeFileSync(path, text, { mode: 0o600, flag: 'wx', flush: true });
    return path;
  }

  private flush(): void {
    const folder = openSync(this.path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}

function textOf({ bytes }: MasterKey): string {
  return bytes.toString('base64');
}

function nameOf(id: string): string {
  return `master.${id}.key`;
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
