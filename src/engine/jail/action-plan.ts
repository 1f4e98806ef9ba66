/** What a reload means for the actions of a jail: which instance goes on, which one is new. */
import type { ActionConfig } from '../../model/jail-config';
import type { JailAction } from '../action/jail-action';

/** An action with the configuration it was made from. */
export interface ConfiguredAction<T> {
  readonly action: T;
  readonly config: ActionConfig | null;
}

/** Gives each action the configuration of its name. */
export function withConfigs<T extends { readonly name: string }>(
  actions: readonly T[],
  configs: readonly ActionConfig[],
): readonly ConfiguredAction<T>[] {
  return actions.map((action) => ({ action, config: configs.find(({ name }) => name === action.name) ?? null }));
}

/**
 * The actions after a reload, in the new order: the present one where the same instance is given again or its configuration is the same,
 * else the new one.
 */
export function planActions<T extends { readonly name: string; readonly action: JailAction }>(
  present: readonly ConfiguredAction<T>[],
  next: readonly ConfiguredAction<JailAction>[],
): readonly (T | JailAction)[] {
  return next.map(({ action, config }) => {
    const same = present.find((old) => old.action.action === action || (old.action.name === action.name && sameConfig(old.config, config)));
    return same?.action ?? action;
  });
}

function sameConfig(a: ActionConfig | null, b: ActionConfig | null): boolean {
  return a !== null && b !== null && JSON.stringify([a.name, a.properties, a.python]) === JSON.stringify([b.name, b.properties, b.python]);
}
