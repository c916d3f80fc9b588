import { Controller, Get, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { JOB_RUNS_LIST, JobHistory, JOBS_LIST } from '../../platform/jobs/job-history.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { JobsDeskService } from './jobs-desk.service.js';
import { JobDto, JobRunDto } from './jobs.dto.js';

@ApiTags('admin')
@Controller('admin/jobs')
export class JobsController {
  constructor(
    private readonly history: JobHistory,
    private readonly desk: JobsDeskService,
  ) {}

  /** Every scheduled job: its last run, and when it runs next. */
  @Get()
  @Requires(Permission.JobsRead)
  @ListRoute(JOBS_LIST, JobDto)
  async list(@WantedOf(JOBS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<JobDto>> {
    return answerList(reply, wanted, await this.history.list(wanted), (job) => JobDto.of(job));
  }

  /** One job, by its name. */
  @Get(':name')
  @Requires(Permission.JobsRead)
  async read(@Param('name') name: string): Promise<JobDto> {
    return JobDto.of(await this.history.get(name));
  }

  /** Its runs of the last 14 days, newest first. */
  @Get(':name/runs')
  @Requires(Permission.JobsRead)
  @ListRoute(JOB_RUNS_LIST, JobRunDto)
  async runs(@Param('name') name: string, @WantedOf(JOB_RUNS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<JobRunDto>> {
    return answerList(reply, wanted, await this.history.runs(name, wanted), (run) => JobRunDto.of(run));
  }

  /** Runs a job now: 200 with how it ended, or 202 when it takes longer than some seconds. Runs that are late, doubled or additional are harmless. */
  @Post(':name/run')
  @Requires(Permission.JobsRun)
  @Refuses(409)
  @ApiOkResponse({ type: JobRunDto })
  @ApiAcceptedResponse({ type: JobRunDto, description: 'It goes on.' })
  async run(@CurrentActor() actor: Actor, @Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobRunDto> {
    const run = await this.desk.run(actor, name);
    void reply.status(run.finishedAt === null ? HttpStatus.ACCEPTED : HttpStatus.OK);
    return JobRunDto.of(run);
  }
}
