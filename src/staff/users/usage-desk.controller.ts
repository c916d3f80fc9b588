import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Settings } from '../../platform/config/settings.js';
import { Reason, REASON_HEADER } from '../../platform/http/reason-header.js';
import { Refuses } from '../../platform/http/refuses.js';
import { IDEMPOTENCY_HEADER, Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { AccountsService } from '../../usage/accounts.service.js';
import { UsageReader } from '../../usage/usage-reader.js';
import { BeyondCap } from '../staff.problems.js';
import { Looks } from './looks.js';
import { DeskGrantDto, DeskGrantedDto, DeskOverrideDto, DeskUsageDto, DeskUsageQueryDto } from './usage-desk.dto.js';

@ApiTags('staff')
@Controller('staff/users/:id')
export class UsageDeskController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly reader: UsageReader,
    private readonly looks: Looks,
    private readonly settings: Settings,
  ) {}

  /** What a user may use, why, and has used day by day. */
  @Get('usage')
  @Requires(Permission.UsersRead)
  @ApiHeader(REASON_HEADER)
  @Refuses(404)
  async usage(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() range: DeskUsageQueryDto, @Reason() reason?: string): Promise<DeskUsageDto> {
    const usage = DeskUsageDto.of(await this.reader.view(id), await this.reader.history(id, range));
    await this.looks.note(actor, 'usage', id, reason);
    return usage;
  }

  /** Grants credits, up to STAFF_CREDITS_CAP at a time. */
  @Post('grant-credits')
  @Requires(Permission.UsersCredit)
  @ApiHeader(IDEMPOTENCY_HEADER)
  @Refuses(404, 409)
  async grantCredits(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { credits, reason }: DeskGrantDto, @Idempotent() repeat?: IdempotentRequest): Promise<DeskGrantedDto> {
    const { staffCreditsCap } = this.settings;
    if (credits > staffCreditsCap) throw new BeyondCap(staffCreditsCap);
    return this.accounts.grantCredits(actor, id, credits, reason, repeat);
  }

  /** Sets other limits than the plan's for a time; they take the place of an override in force. */
  @Post('limits')
  @HttpCode(200)
  @Requires(Permission.UsersLimit)
  @Refuses(404, 422)
  async limit(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { until, reason, ...terms }: DeskOverrideDto): Promise<DeskUsageDto> {
    await this.accounts.override(actor, id, terms, new Date(until), reason);
    return DeskUsageDto.of(await this.reader.view(id), await this.reader.history(id, {}));
  }
}
