import { DefaultNamingStrategy } from 'typeorm';

/** `passwordHash` is `password_hash` in the tables, as people write SQL. */
export class SnakeNames extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, embedded: string[]): string {
    return [...embedded, custom ?? property].join('_').replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  }
}
