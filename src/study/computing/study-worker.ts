import { workerOf } from '../../platform/compute/worker.js';
import { STUDY_TASKS } from './study-tasks.js';

export default workerOf(STUDY_TASKS);
