/** Makes the page that asks before something is done to many, or for good: it carries the form on, and says what and how many. */
import type { Form } from './form';
import type { MessageKey, MessageParams } from './messages';
import type { HtmlAnswer } from './page';

/** Name of the field that says yes. */
export const CONFIRMED = 'confirmed';

export interface Question {
  /** Path that the form goes to. */
  readonly action: string;
  readonly form: Form;
  readonly question: MessageKey;
  readonly params?: MessageParams;
  /** What it is about, shown as text; the first of them. */
  readonly items?: readonly string[];
  /** Where «Cancel» leads. */
  readonly back: string;
  readonly danger?: boolean;
}

const ITEMS_SHOWN = 20;

export function isConfirmed(form: Form): boolean {
  return form.get(CONFIRMED) === 'yes';
}

export function askFirst(question: Question): HtmlAnswer {
  const { form, items = [] } = question;
  const fields = form
    .names()
    .filter((name) => name !== '_csrf' && name !== CONFIRMED)
    .flatMap((name) => form.all(name).map((value) => ({ name, value })));
  return {
    kind: 'page',
    view: 'confirm',
    title: 'confirm.title',
    data: {
      ...question,
      params: question.params ?? {},
      fields,
      items: items.slice(0, ITEMS_SHOWN),
      more: Math.max(0, items.length - ITEMS_SHOWN),
    },
  };
}
