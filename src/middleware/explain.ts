import { Unavailable } from './errors.js';
import { type Answer, type Call, Refusal, secondsOf, type Wire } from './wire.js';

/** A call that Provost has no reason to refuse to us: if it does, that is not the fault of whoever is calling the application. */
export async function callOrExplain<T>(wire: Wire, call: Call<T>): Promise<Answer<T>> {
  try {
    return await wire.call(call);
  } catch (error) {
    throw error instanceof Refusal ? explained(error) : error;
  }
}

/** What a refusal of ours means for the client: 503, never its status. */
export function explained(refusal: Refusal): Unavailable {
  const { status, code, detail } = refusal;
  if (status === 429) return new Unavailable('provost.busy', 'Provost is asked too often at the moment; try again shortly.', secondsOf(refusal.answerHeaders) ?? 1, refusal);
  const cause = new Error(`Provost refuses this application: ${status} ${code}: ${detail}`, { cause: refusal });
  return new Unavailable('provost.misconfigured', 'Who is calling cannot be checked at the moment.', 10, cause);
}
