/** Makes HTML from a page's data with the Handlebars templates of views/: everything is escaped, no template may say otherwise. */
import Handlebars from 'handlebars';
import { formatAgo, formatDuration, formatFullTime, formatHour, formatTime, isoTime } from './format';
import { isMessageKey, type MessageKey, type MessageParams, messagesFor, translate } from './messages';

/** One file of views/: its path without `.hbs` (`pages/bans`) and its text. */
export interface ViewSource {
  readonly name: string;
  readonly text: string;
}

export type Renderer = (template: string, data: object, language: string) => string;

interface Root {
  readonly language: string;
  readonly say: (key: MessageKey, params?: MessageParams) => string;
}

function rootOf(options: Handlebars.HelperOptions): Root {
  return (options.data as { root: Root }).root;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError('a template formats something that is not a number');
  return value;
}

/** `{{t "key" name=value}}`, and the formats of numbers, times and spans. */
function registerHelpers(handlebars: typeof Handlebars): void {
  handlebars.registerHelper({
    t(key: unknown, options: Handlebars.HelperOptions): string {
      if (typeof key !== 'string' || !isMessageKey(key)) throw new TypeError(`a template uses an unknown text: ${String(key)}`);
      return rootOf(options).say(key, options.hash as MessageParams);
    },
    /** A text whose parameters come as one object. */
    tn: (key: unknown, params: unknown, options: Handlebars.HelperOptions) => {
      if (typeof key !== 'string' || !isMessageKey(key)) throw new TypeError(`a page names an unknown text: ${String(key)}`);
      return rootOf(options).say(key, params as MessageParams);
    },
    concat: (...words: unknown[]) => words.slice(0, -1).join(''),
    eq: (a: unknown, b: unknown) => a === b,
    number: (value: unknown, options: Handlebars.HelperOptions) => numberOf(value).toLocaleString(rootOf(options).language),
    duration: (value: unknown, options: Handlebars.HelperOptions) => formatDuration(numberOf(value), rootOf(options).say),
    ago: (value: unknown, options: Handlebars.HelperOptions) => formatAgo(numberOf(value), rootOf(options).say),
    time: (value: unknown, options: Handlebars.HelperOptions) => formatTime(numberOf(value), rootOf(options).language),
    fullTime: (value: unknown, options: Handlebars.HelperOptions) => formatFullTime(numberOf(value), rootOf(options).language),
    hour: (value: unknown, options: Handlebars.HelperOptions) => formatHour(numberOf(value), rootOf(options).language),
    iso: (value: unknown) => isoTime(numberOf(value)),
  });
}

/** Compiles all templates at once; a template that asks for unescaped output is refused here. */
export function createRenderer(views: readonly ViewSource[]): Renderer {
  const handlebars = Handlebars.create();
  registerHelpers(handlebars);
  const templates = new Map<string, Handlebars.TemplateDelegate>();
  for (const { name, text } of views) {
    if (/\{\{\{|\{\{~?&/.test(text)) throw new Error(`views/${name}.hbs puts something out unescaped`);
    const template = handlebars.compile(text, { preventIndent: true });
    templates.set(name, template);
    handlebars.registerPartial(name, template);
  }
  return (name, data, language) => {
    const template = templates.get(name);
    if (template === undefined) throw new Error(`there is no views/${name}.hbs`);
    const messages = messagesFor(language);
    const root: Root = { language, say: (key, params) => translate(messages, language, key, params) };
    return template({ ...data, ...root });
  };
}
