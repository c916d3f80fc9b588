import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { Settings } from '../platform/config/settings.js';
import { UsersModule } from '../users/users.module.js';
import { StudyCompute, STUDY_WORKER } from './computing/study-compute.js';
import { DocumentChanges } from './documents/document-changes.js';
import { DocumentSearch } from './documents/document-search.js';
import { DocumentTexts } from './documents/document-texts.js';
import { DocumentsController } from './documents/documents.controller.js';
import { DocumentsService } from './documents/documents.service.js';
import { DownloadsController } from './documents/downloads.controller.js';
import { Extraction } from './documents/extraction.js';
import { Intake } from './documents/intake.js';
import { PersonalDocuments } from './documents/personal-documents.js';
import { UploadsService } from './documents/uploads.service.js';
import { DiskStorage } from './storage/disk-storage.js';
import { FileStorage } from './storage/file-storage.js';
import { IncomingFolder } from './storage/incoming-folder.js';
import { LooseFiles } from './storage/loose-files.js';
import { S3Storage } from './storage/s3-storage.js';
import { StorageAccounts } from './storage/storage-accounts.js';
import { StudyTimeModule } from './study-time.module.js';
import { TopicsController } from './topics/topics.controller.js';
import { TopicsService } from './topics/topics.service.js';

@Module({
  imports: [AuditModule, UsersModule, StudyTimeModule],
  controllers: [TopicsController, DocumentsController, DownloadsController],
  providers: [
    { provide: STUDY_WORKER, useFactory: () => new URL('./computing/study-worker.js', import.meta.url) },
    StudyCompute,
    IncomingFolder,
    { provide: FileStorage, inject: [Settings, IncomingFolder], useFactory: (settings: Settings, incoming: IncomingFolder) => (settings.s3Bucket === undefined ? new DiskStorage(settings) : new S3Storage(settings, incoming)) },
    StorageAccounts,
    LooseFiles,
    TopicsService,
    DocumentChanges,
    DocumentsService,
    Intake,
    Extraction,
    UploadsService,
    DocumentTexts,
    DocumentSearch,
    PersonalDocuments,
  ],
})
export class StudyModule {}
