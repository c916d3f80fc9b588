import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { type AuditActor, AuditService, type SYSTEM } from '../../audit/audit.service.js';
import { Changes } from '../../platform/changes/changes.js';
import { Clock } from '../../platform/clock/clock.js';
import { type LiveDeclaration, liveDeclarations } from '../../platform/config/live.js';
import { type LiveSetting, LiveSettings, type Overrides } from '../../platform/config/live-settings.js';
import { Settings } from '../../platform/config/settings.js';
import type { Violation } from '../../platform/problems/problem.js';
import { StaleVersion, ValidationFailed } from '../../platform/problems/problems.js';

/** By name; null falls back to the environment or the default. */
export type SettingsChange = Readonly<Record<string, unknown>>;

@Injectable()
export class SettingsAdminService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly live: LiveSettings,
    private readonly changes: Changes,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** As they are in every process by now, or will be at once: whatever was changed elsewhere is read first. */
  async list(): Promise<{ settings: LiveSetting[]; version: number }> {
    const version = await this.live.version();
    await this.live.load();
    return { settings: this.live.list(), version };
  }

  /** All or nothing. */
  async change(who: AuditActor | typeof SYSTEM, change: SettingsChange, ifVersion?: number): Promise<void> {
    demandKnown(change);
    await this.db.transaction(async (tx) => {
      const row = await this.live.hold(tx);
      if (ifVersion !== undefined && ifVersion !== row.version) throw new StaleVersion(row.version);
      const before = row.overrides;
      const after = this.merged(before, change, who.id);
      const changed = Object.keys(change).filter((name) => JSON.stringify(before[name]?.value) !== JSON.stringify(after[name]?.value));
      if (changed.length === 0) return;
      Object.assign(row, { overrides: after, updatedAt: this.clock.now() });
      await tx.save(row);
      await this.audit.record(tx, who, 'settings.update', null, { before: some(before, changed), after: some(after, changed) });
      await this.changes.announce(tx, 'settings', 'live');
    });
  }

  private merged(before: Overrides, change: SettingsChange, updatedBy: string | null): Overrides {
    const updatedAt = this.clock.now().toISOString();
    const kept = Object.entries(before).filter(([name]) => !(name in change));
    const set = Object.entries(change).filter(([, value]) => value !== null).map(([name, value]) => [name, { value, updatedAt, updatedBy }] as const);
    const after = Object.fromEntries([...kept, ...set]);
    const violations = [...this.live.candidate(after).flaws].filter(([name]) => name in change).map(([name, flaw]) => violation(name, flaw));
    if (violations.length > 0) throw new ValidationFailed(violations);
    return after;
  }
}

function demandKnown(change: unknown): void {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) throw new ValidationFailed([{ pointer: '', code: 'object', detail: 'The body must be a JSON object.' }]);
  const known = liveDeclarations(Settings).map(({ name }) => name as string);
  const unknown = Object.keys(change).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ValidationFailed(unknown.map((name) => ({ pointer: pointerTo(name), code: 'unknown-field', detail: `"${name.slice(0, 64)}" is no setting that can be changed while the service runs; those are ${known.join(', ')}.` })));
}

function violation(name: string, flaw: string): Violation {
  const declaration = liveDeclarations(Settings).find((each) => each.name === name);
  return { pointer: pointerTo(name), code: 'not-allowed', detail: `${name} ${flaw}${declaration ? allowed(declaration) : ''}.` };
}

function allowed({ type, min, max, unit }: LiveDeclaration): string {
  if (type !== 'integer') return type === 'boolean' ? '; allowed are true and false' : '';
  return `; allowed are whole numbers${unit ? ` of ${unit}` : ''} from ${min} to ${max}`;
}

function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Null is what the environment or the default says. */
function some(overrides: Overrides, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, overrides[name]?.value ?? null]));
}
