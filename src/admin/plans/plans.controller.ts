import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { PlanMoves } from '../../usage/plan-moves.js';
import { PLANS_LIST } from '../../usage/plans.list.js';
import { type PlanRecord, PlansService } from '../../usage/plans.service.js';
import { CreatePlanDto, PlanDto, RemovePlanDto, UpdatePlanDto } from './plans.dto.js';

@ApiTags('admin')
@Controller('admin/plans')
export class PlansController {
  constructor(
    private readonly plans: PlansService,
    private readonly moves: PlanMoves,
  ) {}

  /** Plans, by name. */
  @Get()
  @Requires(Permission.PlansRead)
  @ListRoute(PLANS_LIST, PlanDto)
  async list(@WantedOf(PLANS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<PlanDto>> {
    return answerList(reply, wanted, await this.plans.list(wanted), (plan) => PlanDto.of(plan));
  }

  /** Makes a plan. */
  @Post()
  @Requires(Permission.PlansWrite)
  @Refuses(409)
  create(@CurrentActor() actor: Actor, @Body() request: CreatePlanDto, @Idempotent() repeat?: IdempotentRequest): Promise<PlanDto> {
    return this.plans.create(actor, request, (plan) => PlanDto.of(plan), repeat);
  }

  /** One plan, with all its limits. */
  @Get(':id')
  @Requires(Permission.PlansRead)
  async read(@Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<PlanDto> {
    return answer(await this.plans.get(id), reply);
  }

  /** As PATCH: admin panels send whole records, or parts of many, by PUT. */
  @Put(':id')
  @Requires(Permission.PlansWrite)
  @Refuses(409, 412, 422)
  replace(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdatePlanDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<PlanDto> {
    return this.update(actor, id, change, version, reply);
  }

  /** Changes a plan; fields that are absent stay as they are. Holds for all its users within two seconds. */
  @Patch(':id')
  @Requires(Permission.PlansWrite)
  @Refuses(409, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdatePlanDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<PlanDto> {
    return answer(await this.plans.update(actor, id, change, version), reply);
  }

  /** Removes a plan that is not the default. One that users have is removed only when `moveTo` names the plan that they get. */
  @Delete(':id')
  @Requires(Permission.PlansWrite)
  @Refuses(409, 412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() { moveTo }: RemovePlanDto, @IfMatch() version: number | undefined): Promise<PlanDto> {
    return PlanDto.of(moveTo === undefined ? await this.plans.remove(actor, id, version) : await this.moves.replace(actor, id, moveTo, version));
  }
}

function answer(plan: PlanRecord, reply: FastifyReply): PlanDto {
  setEntityTag(reply, plan.version);
  return PlanDto.of(plan);
}
