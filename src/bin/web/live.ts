/** What has just happened, told to open pages a few times a second at most. */
import type { Clock, Timer } from '../../base/clock';
import type { LogFollower } from '../../panel/history/log-follower';
import type { Live } from '../../panel/web/page';

/** Seconds that news are gathered. */
const GATHERED = 0.3;

/** @param changed told of each jail with news, before the pages are */
export function liveOf(follower: Pick<LogFollower, 'subscribe'>, clock: Clock, changed: (jail: string) => void): Live {
  const listeners = new Set<(jails: readonly string[]) => void>();
  const gathered = new Set<string>();
  let timer: Timer | null = null;
  const tell = (): void => {
    timer = null;
    const jails = [...gathered].sort();
    gathered.clear();
    for (const jail of jails) changed(jail);
    for (const listener of [...listeners]) listener(jails);
  };
  follower.subscribe(({ jails }) => {
    for (const jail of jails) gathered.add(jail);
    timer ??= clock.after(GATHERED, tell);
  });
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
