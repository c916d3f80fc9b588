/** The floor's own tables, as somebody would lay them out who wants nothing but speed. Types that both engines know. */
export const FLOOR_TABLES = [
  'CREATE TABLE floor_keys (hash BINARY(32) NOT NULL PRIMARY KEY, user_id CHAR(36) NOT NULL, scopes VARCHAR(255) NOT NULL, plan VARCHAR(32) NOT NULL)',
  'CREATE TABLE floor_sessions (id CHAR(36) NOT NULL PRIMARY KEY, user_id CHAR(36) NOT NULL, username VARCHAR(64) NOT NULL, email VARCHAR(254) NOT NULL, ended INT NOT NULL)',
  'CREATE TABLE floor_usage (user_id CHAR(36) NOT NULL PRIMARY KEY, day CHAR(10) NOT NULL, used INT NOT NULL, allowed INT NOT NULL)',
  'CREATE TABLE floor_passwords (username VARCHAR(64) NOT NULL PRIMARY KEY, user_id CHAR(36) NOT NULL, hash VARCHAR(255) NOT NULL)',
  'CREATE TABLE floor_signed_in (id CHAR(36) NOT NULL PRIMARY KEY, user_id CHAR(36) NOT NULL, expires_at BIGINT NOT NULL, ip VARCHAR(45) NOT NULL, user_agent VARCHAR(255) NOT NULL)',
  'CREATE TABLE floor_sign_ins (id CHAR(36) NOT NULL PRIMARY KEY, user_id CHAR(36) NOT NULL, at BIGINT NOT NULL, ok INT NOT NULL)',
];

export const FLOOR_LOGS = {
  mysql: 'CREATE TABLE floor_logs (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id CHAR(36) NOT NULL, model VARCHAR(64) NOT NULL, messages TEXT NOT NULL)',
  embedded: 'CREATE TABLE floor_logs (id INTEGER PRIMARY KEY, user_id CHAR(36) NOT NULL, model VARCHAR(64) NOT NULL, messages TEXT NOT NULL)',
};

/** The day in which the floor counts; what day it is makes no difference to its cost. */
export const FLOOR_DAY = '2026-01-01';
