/** The form of what holds for all jails, and of the server: which settings, and how what was typed becomes edits. */
import type { OptionView } from '../control/editor/configuration';
import type { Edit } from '../control/editor/editor';
import type { Form } from './form';
import { ownValue, typed } from './jail-form';
import type { MessageKey } from './messages';

export interface SettingField {
  readonly name: string;
  readonly label: MessageKey;
  readonly where: 'defaults' | 'server';
  readonly words?: readonly string[];
}

export const SETTING_FIELDS: readonly SettingField[] = [
  { name: 'bantime', label: 'settings.bantime', where: 'defaults' },
  { name: 'findtime', label: 'settings.findtime', where: 'defaults' },
  { name: 'maxretry', label: 'settings.maxretry', where: 'defaults' },
  { name: 'bantime.increment', label: 'jail.increment', where: 'defaults', words: ['true', 'false'] },
  { name: 'bantime.factor', label: 'jail.factor', where: 'defaults' },
  { name: 'bantime.maxtime', label: 'jail.maxtime', where: 'defaults' },
  { name: 'bantime.overalljails', label: 'jail.overalljails', where: 'defaults', words: ['true', 'false'] },
  { name: 'destemail', label: 'settings.destemail', where: 'defaults' },
  { name: 'sender', label: 'settings.sender', where: 'defaults' },
  { name: 'dbpurgeage', label: 'settings.dbpurgeage', where: 'server' },
  { name: 'loglevel', label: 'settings.loglevel', where: 'server', words: ['CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'] },
];

export const SETTING_NAMES: readonly string[] = SETTING_FIELDS.map(({ name }) => name);

type Views = Readonly<Record<'defaults' | 'server', readonly OptionView[]>>;

function viewOf(views: Views, field: SettingField): OptionView | undefined {
  return views[field.where].find(({ name }) => name === field.name);
}

/** One edit for each place that changes; none when nothing does. */
export function settingEdits(views: Views, form: Form): readonly Edit[] {
  const edits: Edit[] = [];
  for (const where of ['defaults', 'server'] as const) {
    const options: Record<string, string | null> = {};
    for (const field of SETTING_FIELDS.filter((candidate) => candidate.where === where && form.has(candidate.name))) {
      const value = typed(form, field.name);
      if (value !== ownValue(viewOf(views, field)).trim()) options[field.name] = value === '' ? null : value;
    }
    if (Object.keys(options).length > 0) edits.push({ kind: where, options });
  }
  return edits;
}

/** What the template shows of each field. */
export function settingData(views: Views, form: Form, problems: Readonly<Record<string, string>>): readonly object[] {
  return SETTING_FIELDS.map((field) => {
    const view = viewOf(views, field);
    const inherited = view?.inherited.value ?? view?.info.default ?? null;
    return {
      ...field,
      value: form.has(field.name) ? typed(form, field.name) : ownValue(view),
      inherited,
      problem: problems[field.name] ?? '',
      options: ['', ...(field.words ?? [])].map((word) => ({ value: word, text: word === '' ? `(${inherited ?? '–'})` : word })),
    };
  });
}
