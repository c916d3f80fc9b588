import { IsIn, IsOptional, Length } from 'class-validator';
import { CleanText } from '../../platform/http/text.js';
import { IsNetwork } from '../../platform/network/is-network.js';
import type { IpRule } from './ip-rule.entity.js';

const READ_ONLY = ['id', 'createdAt', 'createdBy', 'updatedAt', 'version'];

export class CreateIpRuleDto {
  static readonly readOnly = READ_ONLY;

  /** An address or a network. @example '192.0.2.0/24' */
  @IsNetwork()
  cidr!: string;

  /** Whom it lets in: a kind that has rules of its own follows those alone, every other kind and all keys follow the rules for `all`. @example 'admin' */
  @IsIn(['admin', 'staff', 'all'])
  appliesTo!: 'admin' | 'staff' | 'all';

  /** `enforce` refuses callers from elsewhere, `report` only counts and logs them. */
  @IsOptional() @IsIn(['enforce', 'report'])
  mode: 'enforce' | 'report' = 'enforce';

  /** Why it is there. @example 'Office in Utrecht' */
  @IsOptional() @CleanText() @Length(0, 500)
  note?: string | null;
}

export class UpdateIpRuleDto {
  static readonly readOnly = READ_ONLY;

  /** @example '192.0.2.0/24' */
  @IsOptional() @IsNetwork()
  cidr?: string;

  @IsOptional() @IsIn(['admin', 'staff', 'all'])
  appliesTo?: 'admin' | 'staff' | 'all';

  @IsOptional() @IsIn(['enforce', 'report'])
  mode?: 'enforce' | 'report';

  @IsOptional() @CleanText() @Length(0, 500)
  note?: string | null;
}

export class IpRuleDto {
  id!: string;
  /** @example '192.0.2.0/24' */
  cidr!: string;
  appliesTo!: 'admin' | 'staff' | 'all';
  mode!: 'enforce' | 'report';
  note!: string | null;
  createdAt!: string;
  /** The admin who made it; null for the command line. */
  createdBy!: string | null;
  updatedAt!: string;
  version!: number;

  static of({ id, cidr, appliesTo, mode, note, createdAt, createdBy, updatedAt, version }: IpRule): IpRuleDto {
    return { id, cidr, appliesTo, mode, note, createdAt: createdAt.toISOString(), createdBy, updatedAt: updatedAt.toISOString(), version };
  }
}
