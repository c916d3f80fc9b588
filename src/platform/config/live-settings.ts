import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Changes } from '../changes/changes.js';
import { Clock } from '../clock/clock.js';
import { isDuplicate } from '../database/failures.js';
import { insertRow } from '../database/insert-row.js';
import { rowLock } from '../database/row-lock.js';
import { flawsOf, isLive, liveDeclarations, type LiveDeclaration, type LiveName, type LiveValue } from './live.js';
import { type Override, LiveSettingsRow } from './live-settings.entity.js';
import { environmentName, isGiven } from './load-settings.js';
import { Settings } from './settings.js';

export type Overrides = Readonly<Record<string, Override>>;

export interface LiveSetting extends LiveDeclaration {
  readonly environmentName: string;
  readonly default: LiveValue;
  readonly value: LiveValue;
  readonly source: 'default' | 'environment' | 'admin';
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  /** Since when this process has gone by the value. */
  readonly liveSince: Date;
}

const RETRY_MS = 1000;
const DEFAULTS = new Settings();

/**
 * Lays what admins have set over what the environment says, in the `Settings` that everybody was given: at start, before
 * anything reads one, and whenever any process has changed them.
 */
@Injectable()
export class LiveSettings implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(LiveSettings.name);
  /** As they would be without admins. */
  private readonly base: Settings;
  private readonly since = new Map<string, Date>();
  private readonly warned = new Set<string>();
  private applied: Overrides = {};
  /** One after the other: an older state must not overtake a newer one. */
  private loading: Promise<void> = Promise.resolve();
  private retry?: NodeJS.Timeout;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    changes: Changes,
  ) {
    this.base = Object.assign(new Settings(), settings);
    changes.on('settings', () => this.load());
  }

  /** A service that cannot read what admins have set does not start. */
  async onModuleInit(): Promise<void> {
    const now = this.clock.now();
    for (const { name } of liveDeclarations(Settings)) this.since.set(name, now);
    await this.make(now);
    await this.read();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.retry);
  }

  list(): LiveSetting[] {
    return liveDeclarations(Settings).map((declaration) => this.describe(declaration));
  }

  /** How many times they were changed, and one more. */
  async version(): Promise<number> {
    return (await this.db.findOneByOrFail(LiveSettingsRow, { id: LiveSettingsRow.ID })).version;
  }

  /** What admins have set, held until the transaction ends. */
  hold(tx: EntityManager): Promise<LiveSettingsRow> {
    return tx.findOneOrFail(LiveSettingsRow, { where: { id: LiveSettingsRow.ID }, lock: rowLock(tx) });
  }

  /** What would be in force with these; every rule of the class holds for the whole. */
  candidate(overrides: Overrides): { settings: Settings; flaws: Map<string, string> } {
    const settings = Object.assign(new Settings(), this.base, valuesOf(overrides));
    return { settings, flaws: flawsOf(settings) };
  }

  async load(): Promise<void> {
    await (this.loading = this.loading.then(() => this.tryReading()));
  }

  /** A change that cannot be read now is read a little later: until then what was in force stays so. */
  private async tryReading(): Promise<void> {
    clearTimeout(this.retry);
    try {
      await this.read();
    } catch (error) {
      this.logger.warn(`The live settings cannot be read and stay as they were for now: ${String(error)}`);
      this.retry = setTimeout(() => void this.load(), RETRY_MS).unref();
    }
  }

  private async read(): Promise<void> {
    this.apply((await this.db.findOneBy(LiveSettingsRow, { id: LiveSettingsRow.ID }))?.overrides ?? {});
  }

  private async make(now: Date): Promise<void> {
    if (await this.db.existsBy(LiveSettingsRow, { id: LiveSettingsRow.ID })) return;
    try {
      await insertRow(this.db, LiveSettingsRow, Object.assign(new LiveSettingsRow(), { updatedAt: now, version: 1 }));
    } catch (error) {
      // Another instance that started at the same moment was first.
      if (!isDuplicate(error)) throw error;
    }
  }

  private apply(overrides: Overrides): void {
    this.applied = this.usable(overrides);
    const { settings } = this.candidate(this.applied);
    for (const { name } of liveDeclarations(Settings)) {
      if (this.settings[name] === settings[name]) continue;
      Object.assign(this.settings, { [name]: settings[name] });
      this.since.set(name, this.clock.now());
    }
  }

  /** Another version of the service may have other rules: what it cannot use counts for nothing here, and stays in the table. */
  private usable(overrides: Overrides): Overrides {
    let left = Object.fromEntries(Object.entries(overrides).filter(([name]) => this.keep(name, isLive(name) ? undefined : 'is no live setting')));
    for (const [name, flaw] of this.candidate(left).flaws) {
      this.keep(name, flaw);
      left = Object.fromEntries(Object.entries(left).filter(([each]) => each !== name));
    }
    return left;
  }

  private keep(name: string, flaw: string | undefined): boolean {
    if (flaw === undefined) return true;
    if (!this.warned.has(name)) this.logger.warn(`What an admin has set for ${name} is ignored: it ${flaw}.`);
    this.warned.add(name);
    return false;
  }

  private describe(declaration: LiveDeclaration): LiveSetting {
    const { name } = declaration;
    const override = this.applied[name];
    return {
      ...declaration,
      environmentName: environmentName(name),
      default: valueOf(DEFAULTS, name),
      value: valueOf(this.settings, name),
      source: override ? 'admin' : isGiven(this.settings, name) ? 'environment' : 'default',
      updatedAt: override?.updatedAt ?? null,
      updatedBy: override?.updatedBy ?? null,
      liveSince: this.since.get(name)!,
    };
  }
}

function valuesOf(overrides: Overrides): Record<string, unknown> {
  return Object.fromEntries(Object.entries(overrides).map(([name, { value }]) => [name, value]));
}

function valueOf(settings: Settings, name: LiveName): LiveValue {
  return settings[name];
}
