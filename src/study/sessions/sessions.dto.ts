import { IsIn, IsInt, IsOptional, IsUUID, Length, Max, Min } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { IsInstant } from '../../platform/http/instant.js';
import { CleanText } from '../../platform/http/text.js';
import type { StudyInterval } from './study-interval.entity.js';
import type { StudyProfile } from './study-profile.entity.js';
import { SESSION_KINDS, type SessionKind, type SessionOrigin, type SessionStatus, type StudySession } from './study-session.entity.js';
import type { Timer } from './timer.js';
import type { SessionChange, ToldSession } from './told-sessions.service.js';

const MOST_PAGES = 100_000;

export class StartSessionDto {
  /** What is studied; without one it is study time of no document. */
  @IsOptional() @IsUUID()
  documentId?: string | null;

  /** Reading by default. */
  @IfGiven() @IsIn(SESSION_KINDS)
  kind?: SessionKind;

  @IsOptional() @CleanText() @Length(0, 2000)
  note?: string | null;
}

export class FinishSessionDto {
  /** The first page that was read. @example 12 */
  @IsOptional() @IsInt() @Min(1) @Max(MOST_PAGES)
  firstPage?: number | null;

  /** The last page that was finished: also how far the reader is in the document. @example 30 */
  @IsOptional() @IsInt() @Min(1) @Max(MOST_PAGES)
  lastPage?: number | null;

  /** How many pages were read, where it is not all from the first to the last. */
  @IsOptional() @IsInt() @Min(0) @Max(MOST_PAGES)
  pages?: number | null;

  /** How many exercises were done; in a session of exercises the reviews are counted where this is not said. */
  @IsOptional() @IsInt() @Min(0) @Max(MOST_PAGES)
  exercises?: number | null;

  @IsOptional() @CleanText() @Length(0, 2000)
  note?: string | null;
}

export class ManualSessionDto extends FinishSessionDto {
  @IsOptional() @IsUUID()
  documentId?: string | null;

  @IfGiven() @IsIn(SESSION_KINDS)
  kind?: SessionKind;

  /** @example '2026-03-02T18:00:00Z' */
  @IsInstant()
  startedAt!: string;

  /** Not in the future, and 24 hours later at most. @example '2026-03-02T19:15:00Z' */
  @IsInstant()
  finishedAt!: string;

  static told({ startedAt, finishedAt, ...rest }: ManualSessionDto): ToldSession {
    return { ...rest, startedAt: new Date(startedAt), finishedAt: new Date(finishedAt) };
  }
}

export class UpdateSessionDto extends FinishSessionDto {
  static readonly readOnly = ['id', 'origin', 'status', 'timeZone', 'activeSeconds', 'words', 'intervals', 'createdAt', 'updatedAt', 'version'];

  @IsOptional() @IsUUID()
  documentId?: string | null;

  @IfGiven() @IsIn(SESSION_KINDS)
  kind?: SessionKind;

  /** Makes the session a manual one, without pauses. */
  @IfGiven() @IsInstant()
  startedAt?: string;

  /** As `startedAt`. */
  @IfGiven() @IsInstant()
  finishedAt?: string;

  static change({ startedAt, finishedAt, ...rest }: UpdateSessionDto): SessionChange {
    return { ...rest, ...(startedAt !== undefined && { startedAt: new Date(startedAt) }), ...(finishedAt !== undefined && { finishedAt: new Date(finishedAt) }) };
  }
}

/** A stretch in which time ran. */
export class IntervalDto {
  startedAt!: string;
  /** Null while it runs. */
  endedAt!: string | null;
  /** `idle` where heartbeats stayed away: it ends at the last one. */
  endedBy!: string | null;

  static of({ startedAt, endedAt, endedBy }: StudyInterval): IntervalDto {
    return { startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null, endedBy };
  }
}

export class StudySessionDto {
  id!: string;
  documentId!: string | null;
  kind!: SessionKind;
  /** Timed by the server, told by a person, or imported. */
  origin!: SessionOrigin;
  status!: SessionStatus;
  /** In which its days are cut at midnight. */
  timeZone!: string;
  startedAt!: string;
  finishedAt!: string | null;
  /** The last sign of life. */
  lastBeatAt!: string;
  /** When a running session pauses by itself, at its last sign of life, unless another comes before. */
  idleAt!: string | null;
  /** Of the intervals that have ended. */
  activeSeconds!: number;
  firstPage!: number | null;
  lastPage!: number | null;
  pages!: number | null;
  /** On the pages read, where the document has text. */
  words!: number | null;
  exercises!: number | null;
  note!: string | null;
  intervals!: IntervalDto[];
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ session, intervals }: Timer): StudySessionDto {
    const { id, documentId, kind, origin, status, timeZone, startedAt, finishedAt, lastBeatAt, idleAt, activeMs, firstPage, lastPage, pages, words, exercises, note, createdAt, updatedAt, version } = session;
    return {
      id, documentId, kind, origin, status, timeZone, firstPage, lastPage, pages, words, exercises, note, version,
      startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null, lastBeatAt: lastBeatAt.toISOString(), idleAt: idleAt?.toISOString() ?? null,
      activeSeconds: Math.round(activeMs / 1000), intervals: intervals.map((each) => IntervalDto.of(each)), createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(),
    };
  }
}

export class RemovedSessionDto {
  id!: string;
  startedAt!: string;

  static of({ id, startedAt }: StudySession): RemovedSessionDto {
    return { id, startedAt: startedAt.toISOString() };
  }
}

export class UpdateStudyPreferencesDto {
  /** Without a heartbeat for so long, a session pauses at the last one. */
  @IfGiven() @IsInt() @Min(1) @Max(240)
  idleMinutes?: number;

  /** Null is no goal. */
  @IsOptional() @IsInt() @Min(1) @Max(1440)
  dailyGoalMinutes?: number | null;
}

export class StudyPreferencesDto {
  idleMinutes!: number;
  dailyGoalMinutes!: number | null;

  static of({ idleMinutes, dailyGoalMinutes }: StudyProfile): StudyPreferencesDto {
    return { idleMinutes, dailyGoalMinutes };
  }
}
