/** Reads the words of a command line: which verb, spelled in words or as `plesk bin ip_ban` does, with which options. */
import { AppError } from '../../base/errors';
import { type Call, Given, type OptionSpec, type Verb } from './verb';

export interface ReadCall {
  /** Null when none was named. */
  readonly verb: Verb | null;
  readonly call: Call;
}

function wrong(message: string): AppError {
  return new AppError('BAD_ARGUMENT', message);
}

/** `--ban-period`, `-ban_period`: one name. */
function plainName(word: string): string {
  return word.replace(/^--?/, '').replaceAll('_', '-').toLowerCase();
}

function isOption(spec: OptionSpec, word: string): boolean {
  return /^-[A-Za-z]$/.test(word) ? spec.short === word[1] : plainName(spec.name) === plainName(word);
}

/** As it is typed: Plesk's with one dash, ours with two. */
export function spelled(spec: OptionSpec): string {
  return spec.name.includes('_') || spec.name === 'description' ? `-${spec.name}` : `--${spec.name}`;
}

function verbOfDashed(verbs: readonly Verb[], word: string): Verb | undefined {
  if (/^-[A-Za-z]$/.test(word)) return verbs.find(({ letter }) => letter === word[1]);
  return word.startsWith('--') ? verbs.find(({ name }) => name.replace(' ', '-') === plainName(word)) : undefined;
}

/** A verb of one word or of two; how many words it took. */
function verbOfWords(verbs: readonly Verb[], word: string, next: string | undefined): readonly [Verb, number] {
  const one = verbs.find(({ name }) => name === word || (name.includes(' ') && name.replace(' ', '-') === word));
  if (one !== undefined) return [one, 1];
  const two = verbs.find(({ name }) => name === `${word} ${next ?? ''}`);
  if (two !== undefined) return [two, 2];
  const seconds = verbs.filter(({ name }) => name.startsWith(`${word} `)).map(({ name }) => name.slice(word.length + 1));
  if (seconds.length > 0) throw wrong(`'${word}' needs one of these words after it: ${seconds.join(', ')}`);
  throw wrong(`there is no verb '${word}': see bailiff --help`);
}

/**
 * @param shared options that every verb takes
 * @throws AppError BAD_ARGUMENT that names the word and what would be right
 */
export function readCall(argv: readonly string[], verbs: readonly Verb[], shared: readonly OptionSpec[]): ReadCall {
  const values = new Map<string, string[]>();
  const words: string[] = [];
  let verb: Verb | null = null;
  let dashed = false;
  let at = 0;

  function takeOption(word: string): void {
    const [, head = word, joined] = /^(-[^=]+)=([\s\S]*)$/.exec(word) ?? [];
    const known = [...(verb?.options ?? []), ...shared];
    const spec = known.find((candidate) => isOption(candidate, head));
    if (spec === undefined) throw wrong(unknownOption(head, verb, shared));
    const name = spelled(spec);
    const key = plainName(spec.name);
    if (values.has(key) && spec.many !== true) throw wrong(`${name} is given twice`);
    if (spec.value === null) {
      if (joined !== undefined) throw wrong(`${name} takes no value`);
      values.set(key, ['']);
      return;
    }
    const value = joined ?? argv[at++];
    if (value === undefined) throw wrong(`${name} needs a value: ${name} ${spec.value}`);
    values.set(key, [...(values.get(key) ?? []), value]);
  }

  while (at < argv.length) {
    const word = argv[at++] ?? '';
    if (word === '--') {
      words.push(...argv.slice(at));
      break;
    }
    if (/^-./.test(word)) {
      const named: Verb | undefined = verb === null ? verbOfDashed(verbs, word) : undefined;
      if (named === undefined) takeOption(word);
      else [verb, dashed] = [named, true];
    } else if (verb === null) {
      const [named, taken] = verbOfWords(verbs, word, argv[at]);
      verb = named;
      at += taken - 1;
    } else {
      words.push(word);
    }
  }
  return { verb, call: { dashed, words, options: new Given(values) } };
}

function unknownOption(word: string, verb: Verb | null, shared: readonly OptionSpec[]): string {
  if (verb === null) return `there is no verb and no option '${word}': see bailiff --help`;
  const known = verb.options.length > 0 ? verb.options : shared;
  return `'${verb.name}' has no option ${word}; it has ${known.map(spelled).join(', ')}`;
}
