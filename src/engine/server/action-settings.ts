/** What `set JAIL addaction|delaction|action …` makes of the actions of a JailConfig. */
import type { CommandWord } from '../../model/command';
import type { ActionConfig, JailConfig } from '../../model/jail-config';
import { CommandError } from './command-error';
import { textWord } from './setting-values';

type PropertyValue = ActionConfig['properties'][number][1];

function propertyValue(word: CommandWord | undefined): PropertyValue {
  if (word === null || typeof word === 'string' || typeof word === 'number' || typeof word === 'boolean') return word;
  return textWord(word);
}

function pythonOptions(word: CommandWord | undefined): Record<string, unknown> {
  if (word === undefined) return {};
  if (typeof word === 'object' && word !== null && !Array.isArray(word)) return { ...word };
  try {
    const parsed: unknown = JSON.parse(textWord(word));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  } catch {
    // told below: whatever it was, it is not an object
  }
  throw new CommandError('builtins.ValueError', 'the options of a Python action are wanted as a JSON object');
}

function add(config: JailConfig, [nameWord, file, options]: readonly CommandWord[]): JailConfig {
  const name = textWord(nameWord);
  if (config.actions.some((action) => action.name === name)) {
    throw new CommandError('builtins.ValueError', `Action ${name} already exists`);
  }
  const python = file === undefined ? {} : { python: { file: textWord(file), options: pythonOptions(options) } };
  return { ...config, actions: [...config.actions, { name, properties: [], ...python }] };
}

function remove(config: JailConfig, [nameWord]: readonly CommandWord[]): JailConfig {
  const name = textWord(nameWord);
  if (!config.actions.some((action) => action.name === name)) throw new CommandError('builtins.KeyError', `Invalid Action name: ${name}`);
  return { ...config, actions: config.actions.filter((action) => action.name !== name) };
}

/** `action NAME key value`, or `action NAME [[key, value], …]` of a multi-set. */
function property(config: JailConfig, [nameWord, key, value]: readonly CommandWord[]): JailConfig {
  const name = textWord(nameWord);
  const action = config.actions.find((known) => known.name === name);
  if (action === undefined) throw new CommandError('builtins.KeyError', `Invalid Action name: ${name}`);
  const pairs = Array.isArray(key) ? (key as readonly CommandWord[]) : [[textWord(key), propertyValue(value)]];
  const properties = new Map(action.properties);
  for (const pair of pairs) {
    if (!Array.isArray(pair))
      throw new CommandError('builtins.ValueError', 'properties of an action are wanted as pairs of name and value');
    const [pairKey, pairValue] = pair as readonly CommandWord[];
    properties.set(textWord(pairKey), propertyValue(pairValue));
  }
  const changed: ActionConfig = { ...action, properties: [...properties] };
  return { ...config, actions: config.actions.map((known) => (known === action ? changed : known)) };
}

export const changeAction = { add, remove, property };
