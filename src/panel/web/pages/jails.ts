/** The page of jails: which run, what they watch, how much they caught. */
import type { JailStatus } from '../../../model/status';
import { formatProblem } from '../../../model/problem';
import { allJails } from '../../control/all-jails';
import type { PageAnswer, PageRequest, PageWorld } from '../page';
import { get, type Route } from '../route';

/** So many watched files are named, the rest is counted. */
const FILES_SHOWN = 2;

function rowOf(status: JailStatus): object {
  const problems = status.problems ?? [];
  const broken = problems.some((problem) => problem.severity === 'error');
  const watched = status.files.length > 0 ? status.files : status.journalmatch;
  return {
    name: status.name,
    state: broken
      ? { tone: 'danger', text: 'jails.broken' }
      : problems.length > 0
        ? { tone: 'warning', text: 'jails.warned' }
        : { tone: 'success', text: 'jails.active' },
    problems: problems.map(formatProblem),
    watched: watched.slice(0, FILES_SHOWN),
    watchedMore: Math.max(0, watched.length - FILES_SHOWN),
    bannedNow: status.currentlyBanned,
    bannedTotal: status.totalBanned,
    failedNow: status.currentlyFailed,
    failedTotal: status.totalFailed,
  };
}

export async function showJails(_request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { jails, otherProblems } = await allJails(world.control);
  return {
    kind: 'page',
    view: 'jails',
    title: 'jails.title',
    data: { jails: jails.map(rowOf), problems: otherProblems.map(formatProblem) },
  };
}

export const routes: readonly Route[] = [get('/jails', 'jails', showJails)];
