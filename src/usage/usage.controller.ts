import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { Clock } from '../platform/clock/clock.js';
import { Settings } from '../platform/config/settings.js';
import { tellRateLimit } from '../platform/http/rate-limit-headers.js';
import { Refuses } from '../platform/http/refuses.js';
import { IDEMPOTENCY_HEADER, Idempotent, type IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { actingUserId } from '../users/acting-user.js';
import { type Consumption, ConsumptionService } from './consumption.service.js';
import { ReservationsService } from './reservations.service.js';
import type { Granted } from './standing.js';
import { ConsumeDto, ExplanationDto, HistoryDto, HistoryQueryDto, ReservationDto, ReserveDto, SettleDto, StandingDto, StatementDto, StatementQueryDto, UsageDto, UserQueryDto } from './usage.dto.js';
import { Refused } from './usage.problems.js';
import { UsageReader } from './usage-reader.js';

const DEFAULT_TTL_SECONDS = 300;

@ApiTags('usage')
@Controller('usage')
export class UsageController {
  constructor(
    private readonly consumption: ConsumptionService,
    private readonly reservations: ReservationsService,
    private readonly reader: UsageReader,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Today's use and the credits left. */
  @Get()
  @Requires(Permission.UsageRead)
  async today(@CurrentActor() actor: Actor, @Query() { userId }: UserQueryDto): Promise<UsageDto> {
    return UsageDto.of(await this.reader.view(actingUserId(actor, userId)));
  }

  /** Each limit, which rule decided it and until when. */
  @Get('limits')
  @Requires(Permission.UsageRead)
  async limits(@CurrentActor() actor: Actor, @Query() { userId }: UserQueryDto): Promise<ExplanationDto> {
    return ExplanationDto.of(await this.reader.view(actingUserId(actor, userId)));
  }

  /** The days with use in a range, the last thirty days without one. */
  @Get('history')
  @Requires(Permission.UsageRead)
  async history(@CurrentActor() actor: Actor, @Query() query: HistoryQueryDto): Promise<HistoryDto> {
    return { data: await this.reader.history(actingUserId(actor, query.userId), query) };
  }

  /** Every movement of credits, newest first. */
  @Get('statement')
  @Requires(Permission.UsageRead)
  async statement(@CurrentActor() actor: Actor, @Query() query: StatementQueryDto): Promise<StatementDto> {
    return this.reader.statement(actingUserId(actor, query.userId), query);
  }

  /** Counts conversations and credits; grants all that is asked for or nothing. */
  @Post('consume')
  @HttpCode(200)
  @Requires(Permission.UsageConsume)
  @ApiHeader(IDEMPOTENCY_HEADER)
  @Refuses(402, 409)
  async consume(@CurrentActor() actor: Actor, @Body() body: ConsumeDto, @Idempotent() repeat: IdempotentRequest | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<StandingDto> {
    const consumption = consumptionOf(actor, body);
    try {
      const granted = repeat ? await this.consumption.consumeOnce(consumption, repeat) : await this.consumption.consume(consumption);
      this.tellLimits(reply, granted);
      return granted.standing;
    } catch (error) {
      if (error instanceof Refused) this.tellLimits(reply, error.unchanged);
      throw error;
    }
  }

  /** Takes conversations and credits in advance, for work whose price is known only at its end. */
  @Post('reservations')
  @Requires(Permission.UsageConsume)
  @ApiHeader(IDEMPOTENCY_HEADER)
  @Refuses(402, 409)
  reserve(@CurrentActor() actor: Actor, @Body() body: ReserveDto, @Idempotent() repeat: IdempotentRequest | undefined): Promise<ReservationDto> {
    const ttlSeconds = Math.min(body.ttlSeconds ?? DEFAULT_TTL_SECONDS, this.settings.reservationMaxSeconds);
    return this.reservations.reserve(consumptionOf(actor, body), ttlSeconds, repeat);
  }

  /** Charges what it cost: less than was held gives the rest back, more takes the rest if the balance allows. */
  @Post('reservations/:id/settle')
  @HttpCode(200)
  @Requires(Permission.UsageConsume)
  @ApiHeader(IDEMPOTENCY_HEADER)
  @Refuses(402, 409)
  settle(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { credits }: SettleDto, @Idempotent() repeat: IdempotentRequest | undefined): Promise<ReservationDto> {
    return this.reservations.settle(actor, id, credits, repeat);
  }

  /** Gives back all that was held. */
  @Post('reservations/:id/release')
  @HttpCode(204)
  @Requires(Permission.UsageConsume)
  @ApiHeader(IDEMPOTENCY_HEADER)
  @Refuses(409)
  async release(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Idempotent() repeat: IdempotentRequest | undefined): Promise<void> {
    await this.reservations.release(actor, id, repeat);
  }

  private tellLimits(reply: FastifyReply, { standing, today }: Granted): void {
    const { name, limit, remaining } = standing.limits[0]!;
    if (limit === null || remaining === null) return;
    const windowSeconds = (today.endsAt - today.startsAt) / 1000;
    tellRateLimit(reply, { name, limit, windowSeconds, remaining, resetsInSeconds: Math.max(0, Math.ceil((today.endsAt - this.clock.millis()) / 1000)) });
  }
}

function consumptionOf(actor: Actor, { conversations = 1, credits = 0, userId }: ConsumeDto): Consumption {
  return { actor, userId: actingUserId(actor, userId), conversations, credits };
}
