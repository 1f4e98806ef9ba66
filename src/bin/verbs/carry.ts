/** `export`, `import`, `states`, `restore`: the configuration that was written by hand or by us, carried away and back, and its earlier states. */
import { z } from 'zod';
import { messageOf } from '../../base/errors';
import type { Edit } from '../../panel/control/editor/editor';
import { changed, diffText, EDITING, planned } from './edited';
import { noWords, quoted, wrong } from './items';
import { count, formatTable, moment, printableJson } from './print';
import type { Answer, Call, Verb } from './verb';
import type { CliWorld } from './world';

/** What `export` writes, the pages too. */
const Exported = z.object({
  bailiff: z.literal('configuration'),
  version: z.literal(1),
  files: z.record(z.string().max(200), z.string().max(1_000_000)),
});

async function exportAll({ words, options }: Call, world: CliWorld): Promise<Answer> {
  const [file = '-', ...others] = words;
  noWords('export FILE', others);
  const files = await (await world.working()).editor.exportAll();
  const exported = { bailiff: 'configuration', version: 1, files };
  if (file === '-') return { text: printableJson(exported), json: exported };
  world.write(file, printableJson(exported), options.has('force'));
  const names = Object.keys(files);
  return { text: `${count(names.length, 'file is', 'files are')} exported to ${file}.\n`, json: { file, files: names } };
}

/** @throws AppError BAD_ARGUMENT for a text that is no export, with the reason */
function readExport(text: string, file: string): Readonly<Record<string, string>> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw wrong(`${quoted(file)} is no export of Bailiff: ${messageOf(error)}`);
  }
  const read = Exported.safeParse(content);
  if (read.success) return read.data.files;
  const [issue] = read.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.').slice(0, 200)}: `;
  throw wrong(`${quoted(file)} is no export of Bailiff: ${place}${issue?.message ?? 'it has another shape'}`);
}

async function importAll({ words, options }: Call, world: CliWorld): Promise<Answer> {
  const [file, ...others] = words;
  if (file === undefined) throw wrong("name the file: import FILE ('-' for standard input)");
  noWords('import FILE', others);
  const files = readExport(await world.read(file), file);
  const edits: readonly Edit[] = [{ kind: 'import', files }];
  if (options.has('plan')) return planned(world, edits);
  const what = count(Object.keys(files).length, 'file', 'files');
  return changed(world, edits, { action: 'settings.import', subject: 'configuration' }, `${what} imported.`, options);
}

async function states({ words }: Call, world: CliWorld): Promise<Answer> {
  noWords('states', words);
  const found = await (await world.working()).editor.states();
  const rows = found.map(({ id, time, who, what, files }) => [id, moment(time), who, what, files.join(', ')]);
  const text = found.length === 0 ? 'Nothing was changed yet.\n' : formatTable([['STATE', 'TIME', 'WHO', 'WHAT', 'FILES'], ...rows]);
  return { text, json: found };
}

async function restore({ words, options }: Call, world: CliWorld): Promise<Answer> {
  const [id, ...others] = words;
  if (id === undefined) throw wrong('name the state: restore STATE, see `bailiff states`');
  noWords('restore STATE', others);
  const { editor } = await world.working();
  const state = (await editor.states()).find((one) => one.id === id);
  if (state === undefined) throw wrong(`there is no state ${quoted(id)}: see \`bailiff states\``);
  if (options.has('compare')) {
    const changes = await editor.compare(id, null);
    return { text: changes.length === 0 ? 'Nothing has changed since then.\n' : diffText(changes), json: changes };
  }
  const edits: readonly Edit[] = [{ kind: 'restore', state: id }];
  if (options.has('plan')) return planned(world, edits);
  return changed(world, edits, { action: 'settings.restore', subject: state.what }, `The state of ${moment(state.time)} is back.`, options);
}

export const carryVerbs: readonly Verb[] = [
  {
    name: 'export',
    operands: '[FILE]',
    summary: 'write all .local files as one JSON document, to standard output or into a file',
    options: [{ name: 'force', value: null, meaning: 'replace a file that is there' }],
    run: exportAll,
  },
  {
    name: 'import',
    operands: 'FILE',
    summary: "bring an export back ('-' for standard input); files that it does not name stay",
    options: EDITING,
    run: importAll,
  },
  { name: 'states', operands: '', summary: 'the last 50 states of the configuration', options: [], run: states },
  {
    name: 'restore',
    operands: 'STATE',
    summary: 'go back to an earlier state',
    options: [{ name: 'compare', value: null, meaning: 'only show what has changed since then' }, ...EDITING],
    run: restore,
  },
];
