/** The configuration door over a folder: views are made once for each state of the files. */
import path from 'node:path';
import { SERVER_OPTIONS } from '../../../contracts/files/server-options';
import { actionTemplates } from './action-templates';
import type { Configuration, DefinitionView, JailView, OptionView } from './configuration';
import { definitionView, problemsFoundByJails, problemsFoundClosely, usersOf, type DefinitionKind } from './definition-views';
import { jailBase, jailLogs, jailNames, type JailBase } from './jail-views';
import { JAIL_OPTION_NAMES, jailOptionInfo } from './jail-variables';
import { isOwnFile, optionView } from './option-views';
import type { Snapshot, SnapshotKeeper } from './snapshot';

/** Options of the server that stand in another section than `[Definition]`. */
const ELSEWHERE = ['stacksize'];

interface Views {
  readonly snapshot: Snapshot;
  readonly jails: Map<string, JailBase>;
  readonly definitions: Record<DefinitionKind, Map<string, { readonly view: DefinitionView; readonly closely: boolean }>>;
  readonly users: Partial<Record<DefinitionKind, ReadonlyMap<string, readonly string[]>>>;
}

/** @param keeper of the folder; the editor's, so that both read it once */
export function createConfiguration(keeper: SnapshotKeeper): Configuration {
  let views: Views | null = null;

  function fresh(): Views {
    const snapshot = keeper.get();
    if (views?.snapshot !== snapshot) {
      views = { snapshot, jails: new Map(), definitions: { filter: new Map(), action: new Map() }, users: {} };
    }
    return views;
  }

  function jailOf({ snapshot, jails }: Views, name: string, counts: Map<string, number>): JailView {
    const base = jails.get(name) ?? jailBase(snapshot, name);
    jails.set(name, base);
    return { ...base, logs: jailLogs(base, counts) };
  }

  function users(of: Views, kind: DefinitionKind): ReadonlyMap<string, readonly string[]> {
    return (of.users[kind] ??= usersOf(of.snapshot, kind));
  }

  /** For a list, jails and our own files only are looked at: a close look at all that is shipped takes seconds. */
  function definitionOf(of: Views, kind: DefinitionKind, name: string, closely: boolean): DefinitionView | null {
    const usedBy = users(of, kind).get(name);
    if (usedBy === undefined) return null;
    const known = of.definitions[kind].get(name);
    if (known !== undefined && (known.closely || !closely)) return known.view;
    const plain = definitionView(of.snapshot, kind, name, usedBy);
    const close = closely || plain.origin !== 'shipped';
    const problems = close ? problemsFoundClosely(of.snapshot, kind, plain) : problemsFoundByJails(of.snapshot, plain);
    const view = { ...plain, problems };
    of.definitions[kind].set(name, { view, closely: close });
    return view;
  }

  function definitions(kind: DefinitionKind): readonly DefinitionView[] {
    const now = fresh();
    return [...users(now, kind).keys()].flatMap((name) => definitionOf(now, kind, name, false) ?? []);
  }

  function defaults(): readonly OptionView[] {
    const { snapshot } = fresh();
    const { dir, jailLayers: layers, merged } = snapshot;
    const own = layers.filter(({ file }) => isOwnFile(path.basename(file))).flatMap((layer) => [...layer.defaults.keys()]);
    const names = new Set([...JAIL_OPTION_NAMES, ...own]);
    return [...names].map((name) => optionView({ dir, layers, sections: merged.sections, section: 'DEFAULT' }, jailOptionInfo(name)));
  }

  function server(): readonly OptionView[] {
    const { snapshot } = fresh();
    const { dir, serverLayers: layers, merged } = snapshot;
    const sections = merged.folder.read('fail2ban');
    if (sections === null) return [];
    const infos = SERVER_OPTIONS.filter(({ name }) => !ELSEWHERE.includes(name));
    return infos.map((info) => optionView({ dir, layers, sections, section: 'Definition' }, info));
  }

  return {
    jails: async () => {
      const now = fresh();
      const counts = new Map<string, number>();
      return jailNames(now.snapshot).map((name) => jailOf(now, name, counts));
    },
    jail: async (name) => {
      const now = fresh();
      return jailNames(now.snapshot).includes(name) ? jailOf(now, name, new Map()) : null;
    },
    defaults: async () => defaults(),
    server: async () => server(),
    filters: async () => definitions('filter'),
    filter: async (name) => definitionOf(fresh(), 'filter', name, true),
    actions: async () => definitions('action'),
    action: async (name) => definitionOf(fresh(), 'action', name, true),
    actionTemplates: async (jail) => actionTemplates(fresh().snapshot, jail),
  };
}
