/** What a jail is given to work with. Tests give small real things; the server wires the real ones. */
import type { BanStore } from '../../contracts/database/ban-store';
import type { IgnoreDeps } from './ignore';
import type { JailAction } from '../action/jail-action';
import type { JailEvent } from '../../model/event';
import type { LineFilter } from '../filter/line-filter';
import type { Spared } from './spared';

export interface JailDeps extends IgnoreDeps {
  readonly filter: LineFilter;
  /** In the order in which bans go to them. */
  readonly actions: readonly JailAction[];
  readonly store: BanStore;
  /** Whom failures never ban; nobody without it. */
  readonly spared?: Spared;
  /** Told in order; must not throw. */
  readonly emit: (event: JailEvent) => void;
  /** From 0 to 1, for `bantime.rndtime` and formulas; Math.random unless given. */
  readonly random?: () => number;
}
