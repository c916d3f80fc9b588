import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { KeyFolder } from './key-folder.js';
import { type MasterKey, masterKeyOf } from './master-key.js';

/** How soon a running process notices that the key folder changed, and how often at most it looks. */
export const LOOK_AGAIN_MS = 1000;

/**
 * One master key that wraps what is written, and any number of older ones that can still be read: given by settings, or
 * files in DATA_DIR/keys. Files that another process adds or makes current are noticed without a restart.
 */
@Injectable()
export class MasterKeys {
  readonly folder: KeyFolder;
  /** Whether this process made the installation's first key. */
  readonly areNew: boolean;
  private readonly known = new Map<string, MasterKey>();
  private newest!: MasterKey;
  private lookedAt = 0;

  constructor(private readonly settings: Settings) {
    this.folder = new KeyFolder(settings.dataDir);
    this.areNew = !settings.masterKey && this.folder.ensureCurrent();
    this.look();
  }

  /** The one to wrap with. Looked up now and then: a rotation must not wait for a process that has nothing to unwrap. */
  get current(): MasterKey {
    this.lookAgain();
    return this.newest;
  }

  /** Whether keys come and go as files here; given by MASTER_KEY, they change with the settings alone. */
  get inFiles(): boolean {
    return this.settings.masterKey === undefined;
  }

  all(): MasterKey[] {
    return [...this.known.values()];
  }

  find(id: string): MasterKey | undefined {
    if (!this.known.has(id)) this.lookAgain();
    return this.known.get(id);
  }

  /** What was known stays known: something that it wrapped may still be under way. */
  look(): void {
    this.lookedAt = performance.now();
    const { masterKey, masterKeysOld } = this.settings;
    const given = masterKeysOld.map((text) => masterKeyOf(text, 'MASTER_KEYS_OLD'));
    for (const key of [...given, ...this.folder.all()]) this.known.set(key.id, key);
    const current = masterKey === undefined ? this.folder.current() : masterKeyOf(masterKey, 'MASTER_KEY');
    if (!current) throw new Error(`There is no master.key in ${this.folder.path} any more.`);
    this.known.set(current.id, current);
    this.newest = current;
  }

  private lookAgain(): void {
    if (performance.now() - this.lookedAt < LOOK_AGAIN_MS) return;
    try {
      this.look();
    } catch (error) {
      // Whoever is replacing files must not bring down what runs well with the keys it knows.
      new Logger(MasterKeys.name).error(`The keys cannot be read again: ${String(error)}`);
    }
  }
}
