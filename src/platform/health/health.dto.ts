export class HealthCheckDto {
  /** @example 'up' */
  status!: string;
  /** What was measured, in bytes or milliseconds as the names say. */
  details?: Record<string, number | string>;
}

export class HealthDto {
  /** @example 'ok' */
  status!: string;
  checks!: Record<string, HealthCheckDto>;
  /** @example '0.1.0' */
  version!: string;
  uptimeSeconds!: number;
}
