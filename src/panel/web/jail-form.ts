/** The form of one jail: which settings a person uses, in which groups, and how what was typed becomes an edit. */
import type { JailView, OptionView } from '../control/editor/configuration';
import type { OptionEdits } from '../control/editor/editor';
import type { Form } from './form';
import type { MessageKey } from './messages';

type Kind = 'text' | 'area' | 'choice' | 'span';

export interface JailField {
  /** fail2ban's name of the option. */
  readonly name: string;
  readonly kind: Kind;
  readonly label: MessageKey;
  readonly group: 'what' | 'when' | 'repeat' | 'more';
  /** For a choice; the empty one, what is inherited, comes before them. */
  readonly words?: readonly string[];
  readonly rows?: number;
}

export const JAIL_FIELDS: readonly JailField[] = [
  { name: 'filter', kind: 'text', label: 'jail.filter', group: 'what' },
  { name: 'logpath', kind: 'area', label: 'jail.logpath', group: 'what', rows: 4 },
  { name: 'port', kind: 'text', label: 'jail.port', group: 'what' },
  { name: 'action', kind: 'area', label: 'jail.action', group: 'what', rows: 5 },
  { name: 'bantime', kind: 'span', label: 'jail.bantime', group: 'when' },
  { name: 'findtime', kind: 'span', label: 'jail.findtime', group: 'when' },
  { name: 'maxretry', kind: 'text', label: 'jail.maxretry', group: 'when' },
  { name: 'ignoreip', kind: 'area', label: 'jail.ignoreip', group: 'when', rows: 2 },
  { name: 'bantime.increment', kind: 'choice', label: 'jail.increment', group: 'repeat', words: ['true', 'false'] },
  { name: 'bantime.factor', kind: 'text', label: 'jail.factor', group: 'repeat' },
  { name: 'bantime.multipliers', kind: 'text', label: 'jail.multipliers', group: 'repeat' },
  { name: 'bantime.maxtime', kind: 'span', label: 'jail.maxtime', group: 'repeat' },
  { name: 'bantime.rndtime', kind: 'span', label: 'jail.rndtime', group: 'repeat' },
  { name: 'bantime.overalljails', kind: 'choice', label: 'jail.overalljails', group: 'repeat', words: ['true', 'false'] },
  { name: 'backend', kind: 'choice', label: 'jail.backend', group: 'more', words: ['auto', 'systemd', 'pyinotify', 'polling'] },
  { name: 'journalmatch', kind: 'text', label: 'jail.journalmatch', group: 'more' },
  { name: 'usedns', kind: 'choice', label: 'jail.usedns', group: 'more', words: ['yes', 'warn', 'no', 'raw'] },
  { name: 'ignoreself', kind: 'choice', label: 'jail.ignoreself', group: 'more', words: ['true', 'false'] },
  { name: 'ignorecommand', kind: 'text', label: 'jail.ignorecommand', group: 'more' },
  { name: 'ignoreregex', kind: 'area', label: 'jail.ignoreregex', group: 'more', rows: 2 },
  { name: 'maxmatches', kind: 'text', label: 'jail.maxmatches', group: 'more' },
  { name: 'logencoding', kind: 'text', label: 'jail.logencoding', group: 'more' },
  { name: 'logtimezone', kind: 'text', label: 'jail.logtimezone', group: 'more' },
];

export const JAIL_FIELD_NAMES: readonly string[] = JAIL_FIELDS.map(({ name }) => name);

const MAX_VALUE = 20_000;

/** What is typed, as it will be written: line ends of browsers become plain ones, blanks around go. */
export function typed(form: Form, name: string): string {
  return form.get(name).replace(/\r\n?/g, '\n').trim().slice(0, MAX_VALUE);
}

/** What our own file says of an option; '' where the jail inherits it. */
export function ownValue(option: OptionView | undefined): string {
  return option !== undefined && option.own ? (option.raw ?? '') : '';
}

function sameText(a: string, b: string): boolean {
  const lines = (text: string): string =>
    text
      .split('\n')
      .map((line) => line.trim())
      .join('\n')
      .trim();
  return lines(a) === lines(b);
}

/** Only what differs from the file is an edit; an emptied field goes back to what is inherited. */
export function editsOf(jail: JailView, form: Form): OptionEdits {
  const options = new Map(jail.options.map((option) => [option.name, option]));
  const edits: Record<string, string | null> = {};
  for (const { name } of JAIL_FIELDS) {
    if (!form.has(name)) continue;
    const value = typed(form, name);
    const before = ownValue(options.get(name));
    if (!sameText(value, before)) edits[name] = value === '' ? null : value;
  }
  return edits;
}

/** Options of a new jail: all fields that were filled in. */
export function newOptions(form: Form): Readonly<Record<string, string>> {
  const filled = JAIL_FIELDS.map(({ name }) => [name, typed(form, name)] as const).filter(([, value]) => value !== '');
  return Object.fromEntries(filled);
}

export interface FieldData extends JailField {
  readonly value: string;
  readonly problem: string;
  /** What is in force, or would be without our own setting. */
  readonly inherited: string | null;
  readonly from: string | null;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

/** What the template shows of each field: what was typed, or what our file says, and what the jail would inherit. */
export function fieldData(jail: JailView | null, form: Form, problems: Readonly<Record<string, string>>): readonly FieldData[] {
  const views = new Map(jail?.options.map((option) => [option.name, option]) ?? []);
  return JAIL_FIELDS.map((field) => {
    const option = views.get(field.name);
    const inherited = option?.inherited.value ?? null;
    const { file = null, line = null } = option?.inherited ?? {};
    return {
      ...field,
      value: form.has(field.name) ? typed(form, field.name) : ownValue(option),
      problem: problems[field.name] ?? '',
      inherited,
      from: file === null ? null : line === null ? file : `${file}:${line}`,
      options: ['', ...(field.words ?? [])].map((word) => ({ value: word, text: word === '' ? `(${inherited ?? '–'})` : word })),
    };
  });
}
