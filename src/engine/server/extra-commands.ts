/** `bailiff …`: what our engine tells beyond fail2ban's contracts. The stock server answers «Invalid command». */
import type { CommandWord } from '../../model/command';
import type { Problem } from '../../model/problem';
import type { PyValue } from '../../model/python-repr';
import { BAILIFF_VERSION } from '../../model/version';
import { CommandError } from './command-error';
import type { Server } from './server';
import { textWord } from './setting-values';

function problemAnswer(problem: Problem): PyValue {
  return Object.fromEntries(Object.entries(problem).filter(([, value]) => value !== undefined)) as Record<string, string | number>;
}

/** @throws CommandError for a word that is not known */
export function extraCommand(server: Server, [word]: readonly CommandWord[]): PyValue {
  const name = textWord(word);
  if (name === 'version') return BAILIFF_VERSION;
  if (name === 'problems') return server.problems().map(problemAnswer);
  throw new CommandError('builtins.Exception', `Invalid command 'bailiff ${name}': 'version' or 'problems' is wanted`);
}
