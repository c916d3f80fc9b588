import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { StudyPreferencesDto, UpdateStudyPreferencesDto } from './sessions.dto.js';
import { StudySessions } from './study-sessions.service.js';

@ApiTags('study')
@Controller('study/preferences')
export class StudyPreferencesController {
  constructor(private readonly sessions: StudySessions) {}

  /** How long the caller may be still before a session pauses, and how much they want to study a day. */
  @Get()
  @Requires(Permission.StudyRead)
  async read(@CurrentActor() actor: Actor): Promise<StudyPreferencesDto> {
    return StudyPreferencesDto.of(await this.sessions.profile(actor));
  }

  /** Changes them; fields that are absent stay as they are. A running session takes the idle time with its next heartbeat. */
  @Patch()
  @Requires(Permission.StudyWrite)
  async update(@CurrentActor() actor: Actor, @Body() change: UpdateStudyPreferencesDto): Promise<StudyPreferencesDto> {
    return StudyPreferencesDto.of(await this.sessions.setProfile(actor, change));
  }
}
