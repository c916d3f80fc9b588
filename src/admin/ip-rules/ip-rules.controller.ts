import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
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
import { CreateIpRuleDto, IpRuleDto, UpdateIpRuleDto } from './ip-rules.dto.js';
import { IP_RULES_LIST } from './ip-rules.list.js';
import { IpRulesService } from './ip-rules.service.js';

@ApiTags('admin')
@Controller('admin/ip-rules')
export class IpRulesController {
  constructor(private readonly ipRules: IpRulesService) {}

  /** IP rules, oldest first. */
  @Get()
  @Requires(Permission.SettingsRead)
  @ListRoute(IP_RULES_LIST, IpRuleDto)
  async list(@WantedOf(IP_RULES_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<IpRuleDto>> {
    return answerList(reply, wanted, await this.ipRules.list(wanted), (rule) => IpRuleDto.of(rule));
  }

  /** Lets callers in from a network, and from then on only from those that have a rule. Holds within two seconds everywhere. */
  @Post()
  @Requires(Permission.SettingsWrite)
  @Refuses(409)
  create(@CurrentActor() actor: Actor, @Body() request: CreateIpRuleDto, @Idempotent() repeat?: IdempotentRequest): Promise<IpRuleDto> {
    return this.ipRules.create(actor, request, (rule) => IpRuleDto.of(rule), repeat);
  }

  /** One IP rule. */
  @Get(':id')
  @Requires(Permission.SettingsRead)
  async read(@Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<IpRuleDto> {
    const rule = await this.ipRules.get(id);
    setEntityTag(reply, rule.version);
    return IpRuleDto.of(rule);
  }

  /** As PATCH: admin panels send whole records, or parts of many, by PUT. */
  @Put(':id')
  @Requires(Permission.SettingsWrite)
  @Refuses(409, 412)
  replace(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateIpRuleDto, @IfMatch() version: number | undefined): Promise<IpRuleDto> {
    return this.update(actor, id, change, version);
  }

  /** Changes an IP rule; fields that are absent stay as they are. One that would lock out its author changes nothing. */
  @Patch(':id')
  @Requires(Permission.SettingsWrite)
  @Refuses(409, 412)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateIpRuleDto, @IfMatch() version: number | undefined): Promise<IpRuleDto> {
    return IpRuleDto.of(await this.ipRules.update(actor, id, change, version));
  }

  /** Removes an IP rule. The last one lets everybody in again. */
  @Delete(':id')
  @Requires(Permission.SettingsWrite)
  @Refuses(409, 412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<IpRuleDto> {
    return IpRuleDto.of(await this.ipRules.remove(actor, id, version));
  }
}
