import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import type { Exercise } from './exercise.entity.js';
import type { DueExercises } from './exercises.service.js';
import { GRADES, type MemoryState, type ReviewGrade } from './memory.js';
import type { Review } from './review.entity.js';

/* eslint-disable-next-line no-control-regex -- control characters are what is looked for; texts have lines and tabs */
const TEXT = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/;
const LONGEST_ANSWER_SECONDS = 86_400;

export class UpdateExerciseDto {
  static readonly readOnly = ['id', 'documentId', 'state', 'dueAt', 'stability', 'difficulty', 'repetitions', 'lapses', 'reviewedAt', 'createdAt', 'updatedAt', 'version'];

  /** @example 'What does the second law say about closed systems?' */
  @IfGiven() @Matches(TEXT, { message: 'question must not contain control characters' }) @Length(1, 4000)
  question?: string;

  /** Shown after the learner has tried. */
  @IsOptional() @Matches(TEXT, { message: 'answer must not contain control characters' }) @Length(0, 4000)
  answer?: string | null;

  /** The pages that it is about: both or neither. */
  @IsOptional() @IsInt() @Min(1) @Max(100_000)
  firstPage?: number | null;

  @IsOptional() @IsInt() @Min(1) @Max(100_000)
  lastPage?: number | null;
}

export class CreateExerciseDto {
  @IsUUID()
  documentId!: string;

  /** @example 'What does the second law say about closed systems?' */
  @Matches(TEXT, { message: 'question must not contain control characters' }) @Length(1, 4000)
  question!: string;

  /** Shown after the learner has tried. */
  @IsOptional() @Matches(TEXT, { message: 'answer must not contain control characters' }) @Length(0, 4000)
  answer?: string | null;

  /** The pages that it is about: both or neither. */
  @IsOptional() @IsInt() @Min(1) @Max(100_000)
  firstPage?: number | null;

  @IsOptional() @IsInt() @Min(1) @Max(100_000)
  lastPage?: number | null;
}

export class DueQueryDto {
  /** How many to answer with, 20 by default. */
  @IfGiven() @Type(() => Number) @IsInt() @Min(1) @Max(100)
  limit?: number;

  /** Of this document only. */
  @IfGiven() @IsUUID()
  documentId?: string;
}

export class AnswerDto {
  /** 1 forgotten, 2 hard, 3 good, 4 easy. @example 3 */
  @IsIn(GRADES)
  grade!: ReviewGrade;

  /** The version of the exercise as it was shown: of two answers to one showing, one counts. */
  @IsInt() @Min(1)
  version!: number;

  /** How long it took. */
  @IsOptional() @IsInt() @Min(0) @Max(LONGEST_ANSWER_SECONDS)
  seconds?: number | null;
}

export class ExerciseDto {
  id!: string;
  documentId!: string;
  question!: string;
  answer!: string | null;
  firstPage!: number | null;
  lastPage!: number | null;
  /** New, being learned, known, or being learned again after it was forgotten. */
  state!: MemoryState;
  dueAt!: string;
  /** Days until it is remembered with a probability of 0.9. */
  stability!: number;
  /** From 1 to 10; 0 before the first answer. */
  difficulty!: number;
  repetitions!: number;
  /** How often it was forgotten. */
  lapses!: number;
  reviewedAt!: string | null;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ id, documentId, question, answer, firstPage, lastPage, state, dueAt, stability, difficulty, repetitions, lapses, reviewedAt, createdAt, updatedAt, version }: Exercise): ExerciseDto {
    return {
      id, documentId, question, answer, firstPage, lastPage, state, stability, difficulty, repetitions, lapses, version,
      dueAt: dueAt.toISOString(), reviewedAt: reviewedAt?.toISOString() ?? null, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(),
    };
  }
}

export class DueExercisesDto {
  data!: ExerciseDto[];
  /** How many are due in all. */
  total!: number;

  static of({ exercises, total }: DueExercises): DueExercisesDto {
    return { data: exercises.map((each) => ExerciseDto.of(each)), total };
  }
}

export class RemovedExerciseDto {
  id!: string;
  question!: string;

  static of({ id, question }: Exercise): RemovedExerciseDto {
    return { id, question };
  }
}

/** One answer, with what it made of the exercise. */
export class ReviewDto {
  id!: string;
  exerciseId!: string;
  documentId!: string;
  /** Which of the exercise's answers it was. */
  number!: number;
  grade!: ReviewGrade;
  seconds!: number | null;
  reviewedAt!: string;
  state!: MemoryState;
  dueAt!: string;
  stability!: number;
  difficulty!: number;
  /** When it was taken back. */
  undoneAt!: string | null;

  static of({ id, exerciseId, documentId, number, grade, seconds, reviewedAt, state, dueAt, stability, difficulty, undoneAt }: Review): ReviewDto {
    return { id, exerciseId, documentId, number, grade, seconds, reviewedAt: reviewedAt.toISOString(), state, dueAt: dueAt.toISOString(), stability, difficulty, undoneAt: undoneAt?.toISOString() ?? null };
  }
}
