import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound } from '../../platform/problems/problems.js';
import { intervalsOf } from './session-book.js';
import { STUDY_SESSIONS_LIST } from './sessions.list.js';
import { StudyDesk } from './study-desk.js';
import { StudyInterval } from './study-interval.entity.js';
import { StudyProfile } from './study-profile.entity.js';
import { StudySession } from './study-session.entity.js';
import { TimedSessions } from './timed-sessions.service.js';
import { Timer } from './timer.js';

/** Sessions to look at. What was left running is settled before it is shown. */
@Injectable()
export class StudySessions {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: StudyDesk,
    private readonly timed: TimedSessions,
    private readonly lists: Lists,
  ) {}

  async list(actor: Actor, wanted: Wanted): Promise<ListPage<Timer>> {
    await this.timed.settle(actor.id);
    const page = await this.lists.page(STUDY_SESSIONS_LIST, wanted, { sql: 'study_sessions.owner_id = ?', values: [actor.id] });
    const intervals = await this.db.find(StudyInterval, { where: { sessionId: In(page.data.map(({ id }) => id)) }, order: { sessionId: 'ASC', number: 'ASC' } });
    return { ...page, data: page.data.map((session) => new Timer(session, intervals.filter(({ sessionId }) => sessionId === session.id))) };
  }

  async get(actor: Actor, id: string): Promise<Timer> {
    await this.timed.settle(actor.id);
    const session = await this.db.findOneBy(StudySession, { id, ownerId: actor.id });
    if (!session) throw new NotFound('study-session');
    return new Timer(session, await intervalsOf(this.db, id));
  }

  profile(actor: Actor): Promise<StudyProfile> {
    return this.desk.profile(actor.id);
  }

  setProfile(actor: Actor, change: Partial<Pick<StudyProfile, 'idleMinutes' | 'dailyGoalMinutes'>>): Promise<StudyProfile> {
    return this.desk.change(actor.id, (tx, profile) => tx.save(Object.assign(profile, change)));
  }
}
