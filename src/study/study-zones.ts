import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UsersService } from '../users/users.service.js';

/** In which zone somebody's days are cut. */
@Injectable()
export class StudyZones {
  constructor(private readonly users: UsersService) {}

  async of({ id, timeZone }: Pick<Actor, 'id' | 'timeZone'>): Promise<string> {
    return timeZone ?? (await this.users.get(id)).timeZone;
  }
}
