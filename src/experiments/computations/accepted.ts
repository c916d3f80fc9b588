import { HttpStatus } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Computation } from './computation.entity.js';
import { ComputationDto } from './computations.dto.js';

/** The answer where a computation goes on: 202, and where to look for what will come of it. */
export function accepted(reply: FastifyReply, computation: Computation): ComputationDto {
  void reply.status(HttpStatus.ACCEPTED).header('location', `/api/v1/experiments/${computation.experimentId}/computations/${computation.id}`);
  return ComputationDto.of(computation);
}
