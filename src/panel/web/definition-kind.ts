/** Filters and actions are treated alike by pages and API; here stands in what they differ. */
import type { Configuration, DefinitionView } from '../control/editor/configuration';
import type { Edit } from '../control/editor/editor';
import type { MessageKey } from './messages';

export interface DefinitionKind {
  readonly name: 'filter' | 'action';
  /** Path of the list. */
  readonly path: '/filters' | '/actions';
  readonly title: MessageKey;
  readonly all: (configuration: Configuration) => Promise<readonly DefinitionView[]>;
  readonly one: (configuration: Configuration, name: string) => Promise<DefinitionView | null>;
  readonly write: (name: string, text: string) => Edit;
  readonly remove: (name: string) => Edit;
  /** What a new one begins with. */
  readonly skeleton: string;
}

export const FILTER: DefinitionKind = {
  name: 'filter',
  path: '/filters',
  title: 'filters.title',
  all: (configuration) => configuration.filters(),
  one: (configuration, name) => configuration.filter(name),
  write: (name, text) => ({ kind: 'filter', name, text }),
  remove: (name) => ({ kind: 'remove-filter', name }),
  skeleton: '[Definition]\n\nfailregex = ^ … from <ADDR>$\n\nignoreregex =\n',
};

export const ACTION: DefinitionKind = {
  name: 'action',
  path: '/actions',
  title: 'actions.title',
  all: (configuration) => configuration.actions(),
  one: (configuration, name) => configuration.action(name),
  write: (name, text) => ({ kind: 'action', name, text }),
  remove: (name) => ({ kind: 'remove-action', name }),
  skeleton: '[Definition]\n\nactionstart =\nactionstop =\nactioncheck =\nactionban =\nactionunban =\n\n[Init]\n',
};

/** The file that an edit writes: the administrator's own. */
export function ownFile(view: DefinitionView): string {
  return view.files.find(({ file }) => file.endsWith('.local'))?.text ?? '';
}

/** RFC 5737 and RFC 3849: nobody's addresses, for dry runs. */
export const DOCUMENTATION_ADDRESSES = ['192.0.2.1', '2001:db8::1'] as const;
