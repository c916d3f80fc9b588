import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Reason, REASON_HEADER } from '../../platform/http/reason-header.js';
import { Refuses } from '../../platform/http/refuses.js';
import { IDEMPOTENCY_HEADER, Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { AccountsService } from '../../usage/accounts.service.js';
import { CREDITS_LIST } from '../../usage/credits.list.js';
import { UsageReader } from '../../usage/usage-reader.js';
import { AssignPlanDto, CreditMovementDto, MoveCreditsDto, MovedCreditsDto, OverrideLimitsDto, UserLimitsDto, UserPlanDto, UserUsageDto, UserUsageQueryDto } from './user-usage.dto.js';
import { DeleteUserDto } from './users-admin.dto.js';

@ApiTags('admin')
@Controller('admin/users/:id')
export class UserUsageController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly reader: UsageReader,
  ) {}

  /** The plan that applies to a user. */
  @Get('plan')
  @Requires(Permission.UsersRead)
  @Refuses(404)
  async plan(@Param('id', ParseUUIDPipe) id: string): Promise<UserPlanDto> {
    return UserPlanDto.of(await this.reader.view(id));
  }

  /** Gives a user another plan. Its limits count at once, its credits from the next refill. */
  @Put('plan')
  @Requires(Permission.UsersWrite)
  @Refuses(404)
  async putPlan(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { plan, reason }: AssignPlanDto): Promise<UserPlanDto> {
    await this.accounts.assignPlan(actor, id, plan, reason);
    return this.plan(id);
  }

  /** Gives the user another plan, as PUT does. */
  @Post('plan')
  @HttpCode(200)
  @Requires(Permission.UsersWrite)
  @Refuses(404)
  postPlan(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() request: AssignPlanDto): Promise<UserPlanDto> {
    return this.putPlan(actor, id, request);
  }

  /** Each limit of a user, which rule decided it and until when. */
  @Get('limits')
  @Requires(Permission.UsersRead)
  @Refuses(404)
  async limits(@Param('id', ParseUUIDPipe) id: string): Promise<UserLimitsDto> {
    const view = await this.reader.view(id);
    return UserLimitsDto.of(view, await this.reader.overrideReason(view));
  }

  /** Sets other limits than the plan's for a time; they take the place of an override in force. */
  @Put('limits')
  @Requires(Permission.UsersWrite)
  @Refuses(404, 422)
  async putLimits(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { until, reason, ...terms }: OverrideLimitsDto): Promise<UserLimitsDto> {
    await this.accounts.override(actor, id, terms, new Date(until), reason);
    return this.limits(id);
  }

  /** Sets limits of the user's own, as PUT does. */
  @Post('limits')
  @HttpCode(200)
  @Requires(Permission.UsersWrite)
  @Refuses(404, 422)
  postLimits(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() request: OverrideLimitsDto): Promise<UserLimitsDto> {
    return this.putLimits(actor, id, request);
  }

  /** Ends the override in force: the plan decides again. */
  @Delete('limits')
  @Requires(Permission.UsersWrite)
  @ApiHeader(REASON_HEADER)
  @Refuses(404)
  async endOverride(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() body: DeleteUserDto, @Reason() reason: string | undefined): Promise<UserLimitsDto> {
    await this.accounts.endOverride(actor, id, body.reason ?? reason);
    return this.limits(id);
  }

  /** Every movement of a user's credits, the newest first. */
  @Get('credits')
  @Requires(Permission.UsersRead)
  @ListRoute(CREDITS_LIST, CreditMovementDto)
  @Refuses(404)
  async credits(@Param('id', ParseUUIDPipe) id: string, @WantedOf(CREDITS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<CreditMovementDto>> {
    return answerList(reply, wanted, await this.reader.credits(id, wanted), (movement) => CreditMovementDto.of(movement));
  }

  /** Grants credits, or takes some away; never more than there are. */
  @Post('credits')
  @Requires(Permission.UsersWrite)
  @ApiHeader(IDEMPOTENCY_HEADER)
  @Refuses(404, 409, 422)
  moveCredits(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { amount, reason }: MoveCreditsDto, @Idempotent() repeat?: IdempotentRequest): Promise<MovedCreditsDto> {
    if (amount < 0) return this.accounts.adjustCredits(actor, id, amount, reason, repeat);
    return this.accounts.grantCredits(actor, id, amount, reason, repeat);
  }

  /** What a user has used, day by day. */
  @Get('usage')
  @Requires(Permission.UsersRead)
  @Refuses(404)
  async usage(@Param('id', ParseUUIDPipe) id: string, @Query() range: UserUsageQueryDto): Promise<UserUsageDto> {
    return UserUsageDto.of(await this.reader.view(id), await this.reader.history(id, range));
  }
}
