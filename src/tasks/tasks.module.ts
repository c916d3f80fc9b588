import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { BulkController } from './bulk/bulk.controller.js';
import { BulkService } from './bulk/bulk.service.js';
import { CountsController } from './counts/counts.controller.js';
import { CountsService } from './counts/counts.service.js';
import { CalendarController } from './feed/calendar.controller.js';
import { FeedController } from './feed/feed.controller.js';
import { FeedService } from './feed/feed.service.js';
import { PersonalTasks } from './personal-tasks.js';
import { TasksController } from './tasks.controller.js';
import { TasksDesk } from './tasks-desk.js';
import { TasksService } from './tasks.service.js';
import { TrashController } from './trash/trash.controller.js';
import { TrashService } from './trash/trash.service.js';
import { ViewsController } from './views/views.controller.js';
import { ViewsService } from './views/views.service.js';

@Module({
  imports: [AuditModule, UsersModule],
  controllers: [CountsController, TrashController, BulkController, ViewsController, FeedController, CalendarController, TasksController],
  providers: [TasksDesk, TasksService, TrashService, BulkService, CountsService, ViewsService, FeedService, PersonalTasks],
})
export class TasksModule {}
