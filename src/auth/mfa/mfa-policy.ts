import { Injectable } from '@nestjs/common';
import type { PrincipalKind } from '../../access/permission.js';
import { Settings } from '../../platform/config/settings.js';

/** For whom a second factor is not a choice. */
@Injectable()
export class MfaPolicy {
  constructor(private readonly settings: Settings) {}

  isRequiredFor(kind: PrincipalKind): boolean {
    return this.settings.mfaRequiredFor.includes(kind);
  }
}
