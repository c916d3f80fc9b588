import { ApiProperty } from '@nestjs/swagger';
import type { LiveSetting } from '../../platform/config/live-settings.js';

export class SettingDto {
  /** As it is changed here. @example 'deletedUserDays' */
  name!: string;
  /** As it is called in the environment. @example 'DELETED_USER_DAYS' */
  environmentName!: string;
  description!: string;
  /** @example 'integer' */
  type!: 'integer' | 'boolean' | 'text';
  /** What its numbers count: days, hours, minutes, seconds or bytes. @example 'days' */
  unit!: string | null;
  min!: number | null;
  max!: number | null;
  /** Null where nothing else is said: its description tells what holds then. @example 30 */
  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'boolean' }, { type: 'string' }, { type: 'array', items: { type: 'string' } }] })
  default!: string | number | boolean | string[] | null;
  /** What is in force. @example 60 */
  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'boolean' }, { type: 'string' }, { type: 'array', items: { type: 'string' } }] })
  value!: string | number | boolean | string[] | null;
  /** `default`, `environment` or `admin`: who said so. */
  source!: 'default' | 'environment' | 'admin';
  /** When an admin set it. */
  updatedAt!: string | null;
  /** The admin who set it; null for the command line, and for what no admin has set. */
  updatedBy!: string | null;
  /** Since when the process that answers has gone by this value. */
  liveSince!: string;

  static of({ name, environmentName, description, type, unit, min, max, default: byDefault, value, source, updatedAt, updatedBy, liveSince }: LiveSetting): SettingDto {
    const values = { default: byDefault ?? null, value: value ?? null };
    return { name, environmentName, description, type, unit, min, max, ...values, source, updatedAt, updatedBy, liveSince: liveSince.toISOString() };
  }
}
