import { Injectable } from '@nestjs/common';

/** Rings in this process when deliveries were committed: who sends them need not wait for its next look. */
@Injectable()
export class Bell {
  private hear: () => void = () => undefined;

  answer(hear: () => void): void {
    this.hear = hear;
  }

  ring(): void {
    this.hear();
  }
}
