import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { ExperimentRemoval } from './experiment-removal.js';
import { ExperimentsController } from './experiments.controller.js';
import { ExperimentsDesk } from './experiments-desk.js';
import { ExperimentsService } from './experiments.service.js';
import { ParametersController } from './parameters/parameters.controller.js';
import { ParametersService } from './parameters/parameters.service.js';
import { SharesController } from './sharing/shares.controller.js';
import { SharesService } from './sharing/shares.service.js';
import { Versions } from './versions/versions.js';

@Module({
  imports: [AuditModule, UsersModule],
  controllers: [ExperimentsController, ParametersController, SharesController],
  providers: [ExperimentsDesk, ExperimentsService, ParametersService, SharesService, Versions, ExperimentRemoval],
})
export class ExperimentsModule {}
