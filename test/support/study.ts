import { createHash } from 'node:crypto';
import type supertest from 'supertest';
import { newId } from '../../src/platform/ids/ids.js';
import { StudyDays } from '../../src/study/analytics/study-days.js';
import { Document } from '../../src/study/documents/document.entity.js';
import { DocumentPage } from '../../src/study/documents/document-page.entity.js';
import { Api, type Caller, type KeyCaller, type SignedInCaller } from './api.js';

export interface Session {
  id: string;
  status: string;
  origin: string;
  startedAt: string;
  finishedAt: string | null;
  activeSeconds: number;
  pages: number | null;
  words: number | null;
  exercises: number | null;
  intervals: { startedAt: string; endedAt: string | null; endedBy: string | null }[];
  version: number;
}

/** An exercise as it is shown. */
export interface Shown {
  id: string;
  version: number;
  state: string;
  dueAt: string;
}

export interface Analytics {
  days: { day: string; seconds: number; heat: number }[];
  total: { seconds: number; pages: number; words: number; pagesPerHour: number | null };
  streak: object;
}

export const MINUTE = 60;
export const DAY = 86_400;
export const WORDS_A_PAGE = 300;

/** A service of its own, and somebody who studies there. */
export class Study {
  user!: SignedInCaller;
  me!: KeyCaller;

  private constructor(readonly api: Api) {}

  static async start(): Promise<Study> {
    return new Study(await Api.start());
  }

  close(): Promise<void> {
    return this.api.close();
  }

  /** Each test has a user of its own, and the same noon. */
  async begin(): Promise<void> {
    this.api.clock.set('2026-03-02T12:00:00Z');
    this.user = await this.api.signedIn();
    this.me = await this.api.withKey(this.user);
  }

  /** As an upload would leave it. */
  async documentOf(ownerId: string, { pages = 100, words = WORDS_A_PAGE, topicId = null as string | null, title = 'Thermodynamics' } = {}): Promise<Document> {
    const now = this.api.clock.now();
    const fileId = newId();
    const document = Object.assign(new Document(), {
      ownerId, topicId, title, titleKey: title.toLowerCase(), fileName: 'a.pdf', fileId, sha256: createHash('sha256').update(fileId).digest('hex'), bytes: 1000, pages,
      words: pages * words, pagesWithText: words === 0 ? 0 : pages, state: 'ready', createdAt: now, updatedAt: now,
    });
    await this.api.db.insert(Document, document);
    await this.api.db.insert(DocumentPage, Array.from({ length: words === 0 ? 0 : pages }, (_, index) => ({ documentId: document.id, number: index + 1, words, text: '', searchText: '' })));
    return document;
  }

  async start(by: Caller = this.me, request: object = {}): Promise<Session> {
    return (await by.post('/study-sessions', request).expect(201)).body as Session;
  }

  async finish(id: string, done: object = {}, by: Caller = this.me): Promise<Session> {
    return (await by.post(`/study-sessions/${id}/finish`, done).expect(200)).body as Session;
  }

  async analytics(query = '', by: Caller = this.me): Promise<Analytics> {
    return (await by.get(`/study/analytics${query}`).expect(200)).body as Analytics;
  }

  manual(startedAt: string, finishedAt: string, more: object = {}, by: Caller = this.me): supertest.Test {
    return by.post('/study-sessions/manual', { startedAt, finishedAt, ...more });
  }

  tomorrow(): void {
    this.api.clock.advanceSeconds(DAY);
  }

  /** Reads for so long, with a sign of life each five minutes. */
  async studied(minutes: number, done: object = {}, request: object = {}): Promise<Session> {
    const { id } = await this.start(this.me, request);
    for (let passed = 0; passed < minutes; passed += 5) {
      this.api.clock.advanceSeconds(Math.min(5, minutes - passed) * MINUTE);
      await this.me.post(`/study-sessions/${id}/heartbeat`).expect(204);
    }
    return this.finish(id, done);
  }

  /** Whether the days are what a recount of the sessions finds. */
  async expectCounted(ownerId = this.user.user.id): Promise<void> {
    expect(await this.api.app.get(StudyDays).recount(ownerId)).toBe(0);
  }
}
