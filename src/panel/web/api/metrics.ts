/** Makes the router of /metrics: for whoever may read the API. A server that does not answer is a metric too. */
import { Router } from 'express';
import { AppError } from '../../../base/errors';
import { allJails } from '../../control/all-jails';
import type { Control } from '../../control/control';
import type { PageWorld } from '../page';
import type { Door } from '../visitor';
import { callerOf } from './caller';
import { metricsText } from './metrics-text';
import { refusal } from './router';

async function serverMetrics(control: Control): Promise<string> {
  try {
    const [info, { jails }] = await Promise.all([control.info(), allJails(control)]);
    return metricsText({ ...info, jails });
  } catch (error) {
    if (error instanceof AppError) return metricsText(null);
    throw error;
  }
}

export function metricsRouter(world: PageWorld, door: Door): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    await callerOf(req, world, door);
    res
      .type('text/plain; version=0.0.4; charset=utf-8')
      .set('Cache-Control', 'no-store')
      .send(await serverMetrics(world.control));
  });
  router.use(refusal(world.logger));
  return router;
}
