import { Forbidden } from '../../platform/problems/problems.js';

/** A request with the session cookie that does not prove to come from one of our own pages. */
export class CrossSite extends Forbidden {
  constructor(detail: string) {
    super(detail, 'auth.csrf');
  }
}
