import type { Listing } from '../../platform/lists/listing.js';
import { Exercise } from './exercise.entity.js';
import { MEMORY_STATES } from './memory.js';
import { Review } from './review.entity.js';

export const EXERCISES_LIST: Listing<Exercise> = {
  resource: 'exercises',
  entity: Exercise,
  sorts: { createdAt: { kind: 'instant' }, dueAt: { kind: 'instant' } },
  defaultSort: '-createdAt',
  filters: { documentId: { kind: 'text' }, state: { kind: 'word', words: MEMORY_STATES }, dueAt: { kind: 'instant' }, createdAt: { kind: 'instant' } },
};

export const REVIEWS_LIST: Listing<Review> = {
  resource: 'reviews',
  entity: Review,
  sorts: { reviewedAt: { kind: 'instant' } },
  defaultSort: '-reviewedAt',
  filters: { exerciseId: { kind: 'text' }, documentId: { kind: 'text' }, grade: { kind: 'number' }, reviewedAt: { kind: 'instant' } },
};
