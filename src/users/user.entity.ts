import { Entity, Index } from 'typeorm';
import { UserRecord } from './user-record.js';

@Entity('users')
@Index('users_email_key', ['emailKey'], { unique: true })
@Index('users_username_key', ['usernameKey'], { unique: true })
@Index('users_created_at', ['createdAt', 'id'])
@Index('users_status', ['status', 'createdAt', 'id'])
export class User extends UserRecord {}
