import { Body, Controller, Get, Patch, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { IfMatch, setEntityTag } from '../platform/http/entity-tag.js';
import { Refuses } from '../platform/http/refuses.js';
import { PreferencesDto, UpdatePreferencesDto, UpdateProfileDto, UserDto } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users/me')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** The caller's own profile. */
  @Get()
  @Requires(Permission.ProfileRead)
  async read(@CurrentActor() actor: Actor, @Res({ passthrough: true }) reply: FastifyReply): Promise<UserDto> {
    const user = await this.users.get(actor.id);
    setEntityTag(reply, user.version);
    return UserDto.of(user);
  }

  /** Changes the caller's own profile; fields that are absent stay as they are. */
  @Patch()
  @Requires(Permission.ProfileWrite)
  @Refuses(409, 412)
  async update(@CurrentActor() actor: Actor, @Body() change: UpdateProfileDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<UserDto> {
    const user = await this.users.updateProfile(actor, change, version);
    setEntityTag(reply, user.version);
    return UserDto.of(user);
  }

  /** The caller's preferences. */
  @Get('preferences')
  @Requires(Permission.ProfileRead)
  preferences(@CurrentActor() actor: Actor): Promise<PreferencesDto> {
    return this.users.preferences(actor.id);
  }

  /** Changes preferences; fields that are absent stay as they are. */
  @Put('preferences')
  @Requires(Permission.ProfileWrite)
  putPreferences(@CurrentActor() actor: Actor, @Body() change: UpdatePreferencesDto): Promise<PreferencesDto> {
    return this.users.updatePreferences(actor, change);
  }

  /** Changes preferences; fields that are absent stay as they are. */
  @Patch('preferences')
  @Requires(Permission.ProfileWrite)
  patchPreferences(@CurrentActor() actor: Actor, @Body() change: UpdatePreferencesDto): Promise<PreferencesDto> {
    return this.users.updatePreferences(actor, change);
  }
}
