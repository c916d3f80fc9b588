import { Body, Controller, Get, Patch, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { SettingDto } from './settings.dto.js';
import { SettingsAdminService } from './settings-admin.service.js';

@ApiTags('admin')
@Controller('admin/settings')
export class SettingsController {
  constructor(private readonly settings: SettingsAdminService) {}

  /** Every setting that can be changed while the service runs; never a secret. The ETag is that of all of them together. */
  @Get()
  @Requires(Permission.SettingsRead)
  async list(@Res({ passthrough: true }) reply: FastifyReply): Promise<SettingDto[]> {
    const { settings, version } = await this.settings.list();
    setEntityTag(reply, version);
    return settings.map((setting) => SettingDto.of(setting));
  }

  /** Changes settings by name, all of them or none; null falls back to the environment or the default. Holds within two seconds everywhere, without a restart. */
  @Patch()
  @Requires(Permission.SettingsWrite)
  @ApiBody({ schema: { type: 'object', additionalProperties: true, example: { deletedUserDays: 60, registrationOpen: null } } })
  @Refuses(412)
  async update(@CurrentActor() actor: Actor, @Body() change: Record<string, unknown>, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<SettingDto[]> {
    await this.settings.change(actor, change, version);
    return this.list(reply);
  }
}
