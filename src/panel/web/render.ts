/** Makes HTML from a page's data with the Handlebars templates of views/: everything is escaped, no template may say otherwise. */
import Handlebars from 'handlebars';
import {
  nameOfCountry,
  formatAgo,
  formatBytes,
  formatDay,
  formatDuration,
  formatFullTime,
  formatHour,
  formatNumber,
  formatTime,
  isoTime,
} from './format';
import { isMessageKey, type MessageKey, type MessageParams, messagesFor, translate } from './messages';

/** One file of views/: its path without `.hbs` (`pages/bans`) and its text. */
export interface ViewSource {
  readonly name: string;
  readonly text: string;
}

export interface Renderer {
  (template: string, data: object, language: string, places?: Places): string;
  /** Names of all templates. */
  readonly templates: readonly string[];
  /** Compiles a template before somebody waits for it; else the first page does. */
  prepare(template: string): void;
}

/** Handlebars compiles at the first use, or when it is asked for this. */
interface Preparable extends Handlebars.TemplateDelegate {
  _setup?(options: object): void;
}

/** Where the pages and their files are, as links name them: '' and '/assets' when they stand alone. */
export interface Places {
  readonly pages: string;
  readonly assets: string;
}

const STAND_ALONE: Places = { pages: '', assets: '/assets' };

interface Root {
  readonly places: Places;
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

function deedsInWords(what: string, { say }: Root): string {
  const deeds = what.split('; ').map((deed) => {
    const [action = '', ...subject] = deed.split(' ');
    const key = `deed.${action}`;
    return isMessageKey(key) ? say(key, { subject: subject.join(' ') }) : deed;
  });
  return deeds.join('; ');
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
    /** A link to a page of ours, `{{url "/bans?jail=" jail}}`: texts from the template as they are, everything else encoded. */
    url: (path: unknown, ...rest: unknown[]) => {
      const { places } = rootOf(rest.at(-1) as Handlebars.HelperOptions);
      const words = rest.slice(0, -1).map((word, index) => (index % 2 === 0 ? encodeURIComponent(String(word)) : String(word)));
      return places.pages + String(path) + words.join('');
    },
    asset: (file: unknown, options: Handlebars.HelperOptions) => `${rootOf(options).places.assets}/${String(file)}`,
    /** The first argument that is neither empty nor missing. */
    either: (...words: unknown[]) => words.slice(0, -1).find((word) => word !== undefined && word !== null && word !== ''),
    not: (value: unknown) => value === undefined || value === null || value === false || value === '' || value === 0,
    includes: (list: unknown, item: unknown) => Array.isArray(list) && list.includes(item),
    /** A country's name in the reader's language. */
    countryName: (code: unknown, options: Handlebars.HelperOptions) => nameOfCountry(code, rootOf(options).language),
    bytes: (value: unknown, options: Handlebars.HelperOptions) => formatBytes(numberOf(value), rootOf(options).language),
    concat: (...words: unknown[]) => words.slice(0, -1).join(''),
    /** A text by a key that may be missing: '' then. */
    told: (key: unknown, options: Handlebars.HelperOptions) =>
      typeof key === 'string' && isMessageKey(key) ? rootOf(options).say(key) : '',
    /** What was done to what (`jail.edit sshd; bans.ban 10.0.0.0/8`) in the reader's words. */
    deeds: (what: unknown, options: Handlebars.HelperOptions) => deedsInWords(String(what), rootOf(options)),
    list: (...items: unknown[]) => items.slice(0, -1),
    rounded: (value: unknown) => Math.round(numberOf(value)),
    isNumber: (value: unknown) => typeof value === 'number',
    eq: (a: unknown, b: unknown) => a === b,
    number: (value: unknown, options: Handlebars.HelperOptions) => formatNumber(numberOf(value), rootOf(options).language),
    duration: (value: unknown, options: Handlebars.HelperOptions) => formatDuration(numberOf(value), rootOf(options).say),
    ago: (value: unknown, options: Handlebars.HelperOptions) => formatAgo(numberOf(value), rootOf(options).say),
    time: (value: unknown, options: Handlebars.HelperOptions) => formatTime(numberOf(value), rootOf(options).language),
    fullTime: (value: unknown, options: Handlebars.HelperOptions) => formatFullTime(numberOf(value), rootOf(options).language),
    hour: (value: unknown, options: Handlebars.HelperOptions) => formatHour(numberOf(value), rootOf(options).language),
    day: (value: unknown, options: Handlebars.HelperOptions) => formatDay(numberOf(value), rootOf(options).language),
    iso: (value: unknown) => isoTime(numberOf(value)),
  });
}

/** Reads all templates; each is compiled when it is used first. A template that asks for unescaped output is refused here. */
export function createRenderer(views: readonly ViewSource[]): Renderer {
  const handlebars = Handlebars.create();
  registerHelpers(handlebars);
  const templates = new Map<string, Preparable>();
  for (const { name, text } of views) {
    if (/\{\{\{|\{\{~?&/.test(text)) throw new Error(`views/${name}.hbs puts something out unescaped`);
    const template: Preparable = handlebars.compile(text, { preventIndent: true });
    templates.set(name, template);
    handlebars.registerPartial(name, template);
  }
  const templateOf = (name: string): Preparable => {
    const template = templates.get(name);
    if (template === undefined) throw new Error(`there is no views/${name}.hbs`);
    return template;
  };
  const render = (name: string, data: object, language: string, places = STAND_ALONE): string => {
    const messages = messagesFor(language);
    const root: Root = { places, language, say: (key, params) => translate(messages, language, key, params) };
    return templateOf(name)({ ...data, ...root });
  };
  return Object.assign(render, { templates: [...templates.keys()], prepare: (name: string) => templateOf(name)._setup?.({}) });
}
