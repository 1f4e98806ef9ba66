/** Makes ready what the first visitor would wait for: the templates, and one reading of the configuration; in small pieces, others first. */
import { type Clock, sleep } from '../../base/clock';
import { AppError } from '../../base/errors';
import type { Configuration } from '../../panel/control/editor/configuration';
import type { Renderer } from '../../panel/web/render';

export interface WarmUpDeps {
  readonly render: Pick<Renderer, 'templates' | 'prepare'>;
  readonly configuration: Pick<Configuration, 'jails'>;
  readonly clock: Clock;
}

/** Seconds between two pieces. */
const PAUSE = 0.01;

/** Ends early when it is no longer wanted. A configuration that cannot be read is told by the pages. */
export async function warmUp({ render, configuration, clock }: WarmUpDeps, signal: AbortSignal): Promise<void> {
  for (const name of render.templates) {
    await sleep(clock, PAUSE);
    if (signal.aborted) return;
    render.prepare(name);
  }
  try {
    await configuration.jails();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}
