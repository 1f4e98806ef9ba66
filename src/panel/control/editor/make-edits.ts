/** A list of edits, carried out on working texts one after the other; the first one that cannot be made ends it. */
import type { Problem } from '../../../model/problem';
import { importFiles, removeDefinition, restoreState, writeDefinition } from './definition-edits';
import { EditError } from './edit-error';
import type { EditWorld } from './edit-world';
import type { Edit } from './editor';
import { addJail, editDefaults, editJail, editServer, observeJail, removeOwnSections, writeRawJail } from './jail-edits';

/** Changes the texts of the world. Returns what is wrong or worth to be told. */
export function makeEdits(world: EditWorld, edits: readonly Edit[]): readonly Problem[] {
  const problems: Problem[] = [];
  try {
    for (const edit of edits) problems.push(...makeEdit(world, edit));
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    problems.push(error.problem);
  }
  return problems;
}

function makeEdit(world: EditWorld, edit: Edit): readonly Problem[] {
  switch (edit.kind) {
    case 'jail':
      editJail(world, edit.jail, edit.options);
      return [];
    case 'add-jail':
      addJail(world, edit.jail, edit.options);
      return [];
    case 'remove-jail':
    case 'reset-jail':
      removeOwnSections(world, edit.jail, edit.kind);
      return [];
    case 'raw-jail':
      writeRawJail(world, edit.jail, edit.text);
      return [];
    case 'observe':
      observeJail(world, edit.jail, edit.on);
      return [];
    case 'defaults':
      editDefaults(world, edit.options);
      return [];
    case 'server':
      return editServer(world, edit.options).map((option) => ({
        severity: 'warning',
        option,
        message: 'counts from the next start of the server on',
      }));
    case 'filter':
    case 'action':
      writeDefinition(world, edit.kind, edit.name, edit.text);
      return [];
    case 'remove-filter':
      removeDefinition(world, 'filter', edit.name);
      return [];
    case 'remove-action':
      removeDefinition(world, 'action', edit.name);
      return [];
    case 'import':
      return importFiles(world, edit.files);
    case 'restore':
      restoreState(world, edit.state);
      return [];
  }
}

/** One line about edits, for the list of states. */
export function describeEdits(edits: readonly Edit[]): string {
  const text = [...new Set(edits.map(describeEdit))].join('; ');
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}

function describeEdit(edit: Edit): string {
  const names = (options: object): string => Object.keys(options).join(', ');
  switch (edit.kind) {
    case 'jail':
      return `jail ${edit.jail}: ${names(edit.options)}`;
    case 'raw-jail':
      return `jail ${edit.jail}: its section`;
    case 'observe':
      return `jail ${edit.jail}: ${edit.on ? 'observes only' : 'bans again'}`;
    case 'add-jail':
    case 'remove-jail':
    case 'reset-jail':
      return `${edit.kind.slice(0, -'-jail'.length)} jail ${edit.jail}`;
    case 'defaults':
      return `defaults: ${names(edit.options)}`;
    case 'server':
      return `server: ${names(edit.options)}`;
    case 'filter':
    case 'action':
      return `${edit.kind} ${edit.name}`;
    case 'remove-filter':
    case 'remove-action':
      return `remove ${edit.kind.slice('remove-'.length)} ${edit.name}`;
    case 'import':
      return `import of ${Object.keys(edit.files).length} files`;
    case 'restore':
      return `state ${edit.state} restored`;
  }
}
