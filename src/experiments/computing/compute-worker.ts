import { workerOf } from '../../platform/compute/worker.js';
import { TASKS } from './tasks.js';

export default workerOf(TASKS);
