/** The result of a command becomes the text that fail2ban-client prints for it. */
import { PyTuple, pythonRepr, pythonStr } from '../../../model/python-repr';
import type { PyException, PyValue } from '../../../model/python-repr';
import { jailTree, serverTree, statusOfAll, tree } from './trees';
import { statisticsTable } from './statistics';

/** The text for a result, without the newline at its end. What has no text of its own is printed as Python's `str()` has it. */
export function beautify(command: readonly string[], result: PyValue): string {
  const [word = ''] = command;
  return textOfWord(word, command, result) ?? textOfSetting(command, result) ?? pythonStr(result);
}

/** The text for a refusal. */
export function beautifyRefusal(answer: PyException): string {
  const { name, args } = answer.exception;
  if (name === 'UnknownJailException') return `Sorry but the jail '${pythonStr(args[0] ?? '')}' does not exist`;
  if (name === 'IndexError') return 'Sorry but the command is invalid';
  if (name === 'DuplicateJailException') return `The jail '${pythonStr(args[0] ?? '')}' already exists`;
  return pythonStr(answer);
}

/** `NOK: ('Invalid command',)`: the line of the log on standard error. */
export function refusalForLog(answer: PyException): string {
  return `NOK: ${pythonRepr(new PyTuple(argsOf(answer)))}`;
}

/** An error of the operating system keeps its file beside its arguments. */
function argsOf({ exception: { name, args } }: PyException): readonly PyValue[] {
  return name.endsWith('Error') && args.length === 3 && typeof args[0] === 'number' ? args.slice(0, 2) : args;
}

function textOfWord(word: string, command: readonly string[], result: PyValue): string | null {
  const one = command.length === 1 || (word === 'stop' && command[1] === '--keep-bans');
  switch (word) {
    case 'ping':
      return `Server replied: ${pythonStr(result)}`;
    case 'start':
      return 'Jail started';
    case 'stop':
      return one ? (result === null ? 'Shutdown successful' : null) : result === null ? 'Jail stopped' : null;
    case 'add':
      return `Added jail ${pythonStr(result)}`;
    case 'flushlogs':
      return `logs: ${pythonStr(result)}`;
    case 'echo':
      return joined(result, ' ');
    case 'status':
      if (one) return serverTree(result);
      return command[1] === '--all' ? statusOfAll(result) : jailTree(command[1] ?? '', result);
    case 'stats':
    case 'statistic':
    case 'statistics':
      return statisticsTable(result);
    default:
      return null;
  }
}

/** `get` and `set`: words of the server stand second, words of a jail third. */
function textOfSetting(command: readonly string[], result: PyValue): string | null {
  const [word, second = '', third = ''] = command;
  if (word !== 'get' && word !== 'set') return null;
  return textOfServerSetting(second, result) ?? (command.length < 3 ? null : textOfJailSetting(command, third, result));
}

function textOfServerSetting(word: string, result: PyValue): string | null {
  switch (word) {
    case 'logtarget':
      return `Current logging target is:\n\`- ${pythonStr(result)}`;
    case 'syslogsocket':
      return `Current syslog socket is:\n\`- ${pythonStr(result)}`;
    case 'loglevel':
      return `Current logging level is ${pythonRepr(result)}`;
    case 'dbfile':
      return result === null ? 'Database currently disabled' : `Current database file is:\n\`- ${pythonStr(result)}`;
    case 'dbpurgeage':
      return result === null ? 'Database currently disabled' : `Current database purge age is:\n\`- ${pythonStr(result)}seconds`;
    default:
      return null;
  }
}

function textOfJailSetting(command: readonly string[], word: string, result: PyValue): string | null {
  const [verb, jail = '', , fourth] = command;
  switch (word) {
    case 'logpath':
    case 'addlogpath':
    case 'dellogpath':
      return tree('No file is currently monitored', 'Current monitored log file(s):', result);
    case 'logencoding':
      return `Current log encoding is set to:\n${pythonStr(result)}`;
    case 'journalmatch':
    case 'addjournalmatch':
    case 'deljournalmatch':
      return journalMatch(result);
    case 'datepattern':
      return `Current date pattern set to: ${datePattern(result)}`;
    case 'ignoreip':
    case 'addignoreip':
    case 'delignoreip':
      return tree('No IP address/network is ignored', 'These IP addresses/networks are ignored:', result);
    case 'failregex':
    case 'addfailregex':
    case 'delfailregex':
    case 'ignoreregex':
    case 'addignoreregex':
    case 'delignoreregex':
      return tree('No regular expression is defined', 'The following regular expression are defined:', result, true);
    case 'actions':
      return names(result, `No actions for jail ${jail}`, `The jail ${jail} has the following actions:`);
    case 'actionproperties':
    case 'actionmethods': {
      const what = word === 'actionmethods' ? 'methods' : 'properties';
      return names(
        result,
        `No ${what} for jail ${jail} action ${fourth ?? ''}`,
        `The jail ${jail} action ${fourth ?? ''} has the following ${what}:`,
      );
    }
    case 'banip':
      if (verb !== 'get') return null;
      return joined(result, fourth === undefined ? ' ' : fourth === '--with-time' ? '\n' : fourth);
    default:
      return null;
  }
}

function joined(value: PyValue, separator: string): string | null {
  return Array.isArray(value) ? (value as readonly PyValue[]).map(pythonStr).join(separator) : null;
}

function names(value: PyValue, none: string, head: string): string | null {
  const text = joined(value, ', ');
  return text === '' ? none : text === null ? null : `${head}\n${text}`;
}

function journalMatch(value: PyValue): string | null {
  if (!Array.isArray(value)) return null;
  const matches = (value as readonly PyValue[]).map((words) => joined(words, ' ') ?? pythonStr(words));
  return matches.length === 0 ? 'No journal match filter set' : `Current match filter:\n${matches.join(' + ')}`;
}

function datePattern(value: PyValue): string {
  if (!(value instanceof PyTuple)) return value === null ? 'Not set/required' : pythonStr(value);
  const [pattern, name] = value.items;
  return pattern === null || pattern === undefined ? pythonStr(name) : `${pythonStr(pattern)} (${pythonStr(name)})`;
}
