import { IsInt, IsOptional, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import type { Topic } from './topic.entity.js';

const COLOUR = /^#[0-9a-f]{6}$/;
const COLOUR_RULE = { message: 'colour must look like #a0c4ff, in lower case' };
const READ_ONLY = ['id', 'createdAt', 'updatedAt', 'version'];

export class UpdateTopicDto {
  static readonly readOnly = READ_ONLY;

  /** @example 'Mathematics' */
  @IfGiven() @CleanText() @Length(1, 120)
  name?: string;

  /** The topic it lies in; null at the top. */
  @IsOptional() @IsUUID()
  parentId?: string | null;

  /** @example '#a0c4ff' */
  @IsOptional() @Matches(COLOUR, COLOUR_RULE)
  colour?: string | null;

  /** Its place among those of the same parent, from 0. Moved to another parent without one, it goes to the end. */
  @IfGiven() @IsInt() @Min(0) @Max(1000)
  position?: number;
}

export class CreateTopicDto {
  static readonly readOnly = READ_ONLY;

  /** @example 'Mathematics' */
  @CleanText() @Length(1, 120)
  name!: string;

  /** The topic it lies in; at the top without one. */
  @IsOptional() @IsUUID()
  parentId?: string | null;

  /** @example '#a0c4ff' */
  @IsOptional() @Matches(COLOUR, COLOUR_RULE)
  colour?: string | null;

  /** Its place among those of the same parent, from 0. Default: the end. */
  @IfGiven() @IsInt() @Min(0) @Max(1000)
  position?: number;
}

export class TopicDto {
  id!: string;
  /** Null at the top. */
  parentId!: string | null;
  name!: string;
  colour!: string | null;
  /** Its place among those of the same parent, from 0. */
  position!: number;
  createdAt!: string;
  updatedAt!: string;
  /** Also its ETag. */
  version!: number;

  static of({ id, parentId, name, colour, position, createdAt, updatedAt, version }: Topic): TopicDto {
    return { id, parentId, name, colour, position, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

export class RemovedTopicDto {
  id!: string;
  name!: string;

  static of({ id, name }: Topic): RemovedTopicDto {
    return { id, name };
  }
}
