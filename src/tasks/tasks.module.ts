import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { TaskBulkController } from './bulk/bulk.controller.js';
import { BulkService } from './bulk/bulk.service.js';
import { TaskCountsController } from './counts/counts.controller.js';
import { CountsService } from './counts/counts.service.js';
import { TaskCalendarController } from './feed/calendar.controller.js';
import { TaskFeedController } from './feed/feed.controller.js';
import { FeedService } from './feed/feed.service.js';
import { PersonalTasks } from './personal-tasks.js';
import { TasksController } from './tasks.controller.js';
import { TasksDesk } from './tasks-desk.js';
import { TasksService } from './tasks.service.js';
import { TaskTrashController } from './trash/trash.controller.js';
import { TrashService } from './trash/trash.service.js';
import { TaskViewsController } from './views/views.controller.js';
import { ViewsService } from './views/views.service.js';

@Module({
  imports: [AuditModule, UsersModule],
  controllers: [TaskCountsController, TaskTrashController, TaskBulkController, TaskViewsController, TaskFeedController, TaskCalendarController, TasksController],
  providers: [TasksDesk, TasksService, TrashService, BulkService, CountsService, ViewsService, FeedService, PersonalTasks],
})
export class TasksModule {}
