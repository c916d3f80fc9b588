import { Injectable } from '@nestjs/common';

/** Whether this instance wants traffic; a stop takes it out of rotation before anything else happens. */
@Injectable()
export class Readiness {
  private stopping = false;

  get isStopping(): boolean {
    return this.stopping;
  }

  stop(): void {
    this.stopping = true;
  }
}
