import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { Computations } from './computations/computations.js';
import { ComputationsController } from './computations/computations.controller.js';
import { Pulse } from './computations/pulse.js';
import { DesignQuestions } from './designs/design-questions.js';
import { DesignQuestionsController } from './designs/design-questions.controller.js';
import { DesignsController } from './designs/designs.controller.js';
import { DesignsService } from './designs/designs.service.js';
import { Compute, COMPUTE_WORKER } from './computing/compute.js';
import { BundleController } from './bundle/bundle.controller.js';
import { Bundles } from './bundle/bundle.service.js';
import { CopiesController } from './copies/copies.controller.js';
import { CopiesService } from './copies/copies.service.js';
import { ExperimentRemoval } from './experiment-removal.js';
import { ExperimentsController } from './experiments.controller.js';
import { ExperimentsDesk } from './experiments-desk.js';
import { ExperimentsService } from './experiments.service.js';
import { LiteratureController } from './literature/literature.controller.js';
import { LiteratureService } from './literature/literature.service.js';
import { ModelsController } from './models/models.controller.js';
import { ModelsService } from './models/models.service.js';
import { OptimumController } from './optimum/optimum.controller.js';
import { OptimumService } from './optimum/optimum.service.js';
import { ParametersController } from './parameters/parameters.controller.js';
import { ParametersService } from './parameters/parameters.service.js';
import { PersonalExperiments } from './personal-experiments.js';
import { PlotsController } from './plots/plots.controller.js';
import { PlotsService } from './plots/plots.service.js';
import { FeedbackService } from './predictions/feedback.service.js';
import { PredictionsController } from './predictions/predictions.controller.js';
import { PredictionsService } from './predictions/predictions.service.js';
import { ResponsesController } from './responses/responses.controller.js';
import { ResponsesService } from './responses/responses.service.js';
import { ResultsController } from './results/results.controller.js';
import { ResultsService } from './results/results.service.js';
import { RunsController } from './runs/runs.controller.js';
import { RunsService } from './runs/runs.service.js';
import { SharesController } from './sharing/shares.controller.js';
import { SharesService } from './sharing/shares.service.js';
import { ResultsImport } from './sheets/results-import.service.js';
import { RunsExport } from './sheets/runs-export.service.js';
import { SheetsController } from './sheets/sheets.controller.js';
import { SuggestionsController } from './suggestions/suggestions.controller.js';
import { SuggestionsService } from './suggestions/suggestions.service.js';
import { Versions } from './versions/versions.js';
import { VersionsController } from './versions/versions.controller.js';
import { VersionsService } from './versions/versions.service.js';

@Module({
  imports: [AuditModule, UsersModule],
  controllers: [
    ExperimentsController,
    CopiesController,
    BundleController,
    ParametersController,
    ResponsesController,
    RunsController,
    ResultsController,
    SheetsController,
    LiteratureController,
    ModelsController,
    PredictionsController,
    OptimumController,
    SuggestionsController,
    SharesController,
    VersionsController,
    ComputationsController,
    PlotsController,
    DesignsController,
    DesignQuestionsController,
  ],
  providers: [
    { provide: COMPUTE_WORKER, useFactory: () => new URL('./computing/compute-worker.js', import.meta.url) },
    Compute,
    ExperimentsDesk,
    ExperimentsService,
    CopiesService,
    Bundles,
    ExperimentRemoval,
    PersonalExperiments,
    ParametersService,
    ResponsesService,
    RunsService,
    ResultsService,
    ResultsImport,
    RunsExport,
    LiteratureService,
    ModelsService,
    PredictionsService,
    FeedbackService,
    OptimumService,
    SuggestionsService,
    SharesService,
    Versions,
    VersionsService,
    Pulse,
    Computations,
    PlotsService,
    DesignsService,
    DesignQuestions,
  ],
})
export class ExperimentsModule {}
