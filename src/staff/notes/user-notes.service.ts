import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { referring } from '../../platform/database/referring.js';
import { millisOf, Sql } from '../../platform/database/sql.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { Keyset, type Page } from '../../platform/lists/keyset.js';
import type { ListQueryDto } from '../../platform/lists/list-query.dto.js';
import type { Sortable } from '../../platform/lists/sorting.js';
import { NotFound } from '../../platform/problems/problems.js';
import { Erasure, OwnedRows } from '../../users/erasure/erasure.js';
import { inBatches } from '../../platform/database/in-batches.js';
import { PersonalData } from '../../users/personal-data/personal-data.js';
import { UsersService } from '../../users/users.service.js';
import { StaffService } from '../staff.service.js';
import { UserNote } from './user-note.entity.js';

export type NoteRecord = Readonly<UserNote>;

/** By the id, which rises with time and has the index. */
const SORTABLE: Sortable = { by: { createdAt: { column: 'id', kind: 'text' } }, default: '-createdAt', id: 'id' };

/** Notes about users: written once, read by staff, handed out to the user and erased with them. */
@Injectable()
export class UserNotes {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly idempotency: Idempotency,
    private readonly users: UsersService,
    private readonly staff: StaffService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    data: PersonalData,
    erasure: Erasure,
  ) {
    data.register({ path: 'notes.json', about: 'What those who helped you wrote down.', tables: ['user_notes'], rows: (id) => this.personal(id) });
    erasure.register(new OwnedRows(sql, 'user_notes', 'user_id'));
  }

  async of(userId: string, query: ListQueryDto): Promise<Page<NoteRecord>> {
    const keyset = Keyset.of(query, SORTABLE);
    const { rows } = await this.sql.execute(`SELECT id, author_id, author_name, text, created_at FROM user_notes WHERE user_id = ? AND ${keyset.where} ${keyset.tail}`, [userId, ...keyset.values]);
    const notes = rows.map(([id, authorId, authorName, text, createdAt]) => ({ id, userId, authorId, authorName, text, createdAt: new Date(millisOf(createdAt)) }) as NoteRecord);
    return keyset.page(notes, ({ id }) => ({ value: id, id }));
  }

  async add<T extends object>(actor: Actor, userId: string, text: string, answer: (note: NoteRecord) => T, repeat?: IdempotentRequest): Promise<T> {
    const { username: authorName } = await this.staff.get(actor.id);
    return this.idempotency.inTransaction(repeat, async (tx) => {
      await this.users.demand(tx, userId);
      const note = Object.assign(new UserNote(), { userId, text, authorName, authorId: actor.id, createdAt: this.clock.now() });
      await referring(() => insertRow(tx, UserNote, note), () => new NotFound('user'));
      await this.audit.record(tx, actor, 'users.note', userId, { after: { note: note.id } });
      return answer(note);
    });
  }

  private async *personal(userId: string): AsyncGenerator<object> {
    for await (const { text, createdAt } of inBatches(this.db, UserNote, { userId }, 'id')) yield { text, createdAt };
  }
}
