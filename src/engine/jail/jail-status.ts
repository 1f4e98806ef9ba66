/** From a jail's options, its bans and its failures: what `status` tells. */
import type { JailConfig } from '../../model/jail-config';
import type { Problem } from '../../model/problem';
import type { JailStatus } from '../../model/status';
import type { BanList } from './ban-list';
import type { FailureCounter } from './failure-counter';

/** @param what `counts` leaves `banned` empty: the ids may be a hundred thousand */
export function statusOf(
  { name, logpath, journalmatch }: JailConfig,
  bans: BanList,
  counter: FailureCounter,
  problems: readonly Problem[],
  what?: 'counts',
): JailStatus {
  return {
    name,
    currentlyFailed: counter.size,
    totalFailed: counter.total,
    files: logpath.map(({ path }) => path),
    journalmatch: journalmatch.map((words) => words.join(' ')),
    currentlyBanned: bans.size,
    totalBanned: bans.total,
    banned: what === 'counts' ? [] : bans.ids(),
    ...(problems.length === 0 ? {} : { problems }),
  };
}
