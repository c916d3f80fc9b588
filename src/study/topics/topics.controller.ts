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
import { CreateTopicDto, RemovedTopicDto, TopicDto, UpdateTopicDto } from './topics.dto.js';
import { TOPICS_LIST } from './topics.list.js';
import { TopicsService } from './topics.service.js';

@ApiTags('study')
@Controller('topics')
export class TopicsController {
  constructor(private readonly topics: TopicsService) {}

  /** The caller's topics; those of one parent come in their order. */
  @Get()
  @Requires(Permission.StudyRead)
  @ListRoute(TOPICS_LIST, TopicDto)
  async list(@CurrentActor() actor: Actor, @WantedOf(TOPICS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<TopicDto>> {
    return answerList(reply, wanted, await this.topics.list(actor, wanted), (topic) => TopicDto.of(topic));
  }

  /** Makes a topic, at the end of its siblings unless a position is given. */
  @Post()
  @Requires(Permission.StudyWrite)
  @Refuses(404, 422)
  create(@CurrentActor() actor: Actor, @Body() request: CreateTopicDto, @Idempotent() repeat?: IdempotentRequest): Promise<TopicDto> {
    return this.topics.create(actor, request, (topic) => TopicDto.of(topic), repeat);
  }

  /** One topic, with what it is called and where it lies. */
  @Get(':id')
  @Requires(Permission.StudyRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<TopicDto> {
    const topic = await this.topics.get(actor, id);
    setEntityTag(reply, topic.version);
    return TopicDto.of(topic);
  }

  /** As PATCH: what is not named stays as it is. */
  @Put(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 412, 422)
  replace(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateTopicDto, @IfMatch() version: number | undefined): Promise<TopicDto> {
    return this.update(actor, id, change, version);
  }

  /** Changes or moves a topic; fields that are absent stay as they are. */
  @Patch(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateTopicDto, @IfMatch() version: number | undefined): Promise<TopicDto> {
    return TopicDto.of(await this.topics.update(actor, id, change, version));
  }

  /** Removes a topic; what lies in it moves up. */
  @Delete(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<RemovedTopicDto> {
    return RemovedTopicDto.of(await this.topics.remove(actor, id, version));
  }
}
