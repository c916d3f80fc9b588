import { Column, Entity } from 'typeorm';
import { RefColumn } from '../platform/database/columns.js';
import { Principal } from '../users/principal.entity.js';

/** All tasks of an owner: its row is the lock that every change of them holds. */
@Entity('task_boards')
export class TaskBoard {
  @RefColumn(() => Principal, { primary: true })
  ownerId!: string;

  /** Rises with every change of any task. */
  @Column('int')
  revision: number = 0;
}
