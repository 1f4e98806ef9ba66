/** The one table of the API's endpoints. */
import { endpoints as bans } from './bans';
import { endpoints as definitions } from './definitions';
import type { Endpoint } from './endpoint';
import { endpoints as engine } from './engine';
import { endpoints as history } from './history';
import { endpoints as jails } from './jails';
import { endpoints as logs } from './logs';
import { endpoints as server } from './server';
import { endpoints as settings } from './settings';
import { endpoints as states } from './states';
import { endpoints as trusted } from './trusted';

export const ENDPOINTS: readonly Endpoint[] = [
  ...server,
  ...bans,
  ...history,
  ...jails,
  ...definitions,
  ...trusted,
  ...settings,
  ...engine,
  ...logs,
  ...states,
];
