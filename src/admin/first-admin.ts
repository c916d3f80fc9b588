import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../platform/config/settings.js';
import { AdminExists } from './admins.problems.js';
import { AdminsService, type NewAdmin } from './admins.service.js';

/** Makes the first admin at the first start, so that a new installation can be signed in to. */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  /** What a start has to print, once, when it made the admin. */
  made?: NewAdmin;

  constructor(
    private readonly settings: Settings,
    private readonly admins: AdminsService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.firstAdmin || !(await this.admins.isEmpty())) return;
    try {
      this.made = await this.admins.create(this.settings.adminUsername, this.settings.adminPassword);
    } catch (error) {
      // Another instance that started at the same moment was first.
      if (!(error instanceof AdminExists)) throw error;
    }
  }
}
