/** Endpoints of filters and actions: read, written, removed; filters checked and tried. */
import { z } from 'zod';
import { ACTION, type DefinitionKind, DOCUMENTATION_ADDRESSES, FILTER } from '../definition-kind';
import { NEW_NAME } from '../new-name';
import { type Endpoint, endpoint } from './endpoint';
import { edited } from './edited';
import { ApiError } from './problem';
import { Edited, Name, NEW_NAME_RULE, Nothing, ProblemItem } from './schemas';

const Text = z.string().max(200_000);
const Definition = z.object({
  name: z.string(),
  origin: z.enum(['shipped', 'own', 'edited']),
  usedBy: z.array(z.string()),
  files: z.array(z.object({ file: z.string(), text: z.string() })),
  problems: z.array(ProblemItem),
});
const Short = Definition.omit({ files: true });
const OfName = z.object({ name: Name });

const aWord = (word: string): string => `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;

function endpointsOf(kind: DefinitionKind): Endpoint[] {
  const { name: word, path } = kind;
  const tag = path.slice(1);
  return [
    endpoint({
      method: 'get',
      path,
      tag,
      summary: `All ${tag}`,
      params: Nothing,
      query: Nothing,
      body: null,
      answer: z.object({ [tag]: z.array(Short) }),
      run: async (_input, world) => ({
        [tag]: (await kind.all(world.configuration)).map(({ name, origin, usedBy, problems }) => ({
          ...{ name, origin, usedBy: [...usedBy] },
          problems: problems.map((problem) => ({ ...problem })),
        })),
      }),
    }),
    endpoint({
      method: 'get',
      path: `${path}/{name}`,
      tag,
      summary: `The files of one ${word}`,
      params: OfName,
      query: Nothing,
      body: null,
      answer: Definition,
      run: async ({ params }, world) => {
        const view = await kind.one(world.configuration, params.name);
        if (view === null) throw new ApiError(404, `There is no ${word} '${params.name}'.`);
        const { name, origin, usedBy, files, problems } = view;
        return {
          name,
          origin,
          usedBy: [...usedBy],
          files: files.map((file) => ({ ...file })),
          problems: problems.map((problem) => ({ ...problem })),
        };
      },
    }),
    endpoint({
      method: 'put',
      path: `${path}/{name}`,
      tag,
      summary: `Write our own text of ${aWord(word)}`,
      params: OfName,
      query: Nothing,
      body: z.object({ text: Text }),
      answer: Edited,
      run: async ({ params: { name }, body }, world, actor) => {
        const fresh = (await kind.one(world.configuration, name)) === null;
        if (fresh && !NEW_NAME.test(name)) throw new ApiError(422, NEW_NAME_RULE);
        return edited(world, actor, [kind.write(name, body.text)], { action: `${word}.${fresh ? 'add' : 'edit'}`, subject: name });
      },
    }),
    endpoint({
      method: 'delete',
      path: `${path}/{name}`,
      tag,
      summary: `Remove our own text of ${aWord(word)}`,
      params: OfName,
      query: Nothing,
      body: null,
      answer: Edited,
      run: async ({ params: { name } }, world, actor) => {
        const view = await kind.one(world.configuration, name);
        if (view === null) throw new ApiError(404, `There is no ${word} '${name}'.`);
        if (view.origin === 'shipped') throw new ApiError(409, `'${name}' is shipped and not changed.`);
        if (view.origin === 'own' && view.usedBy.length > 0) throw new ApiError(409, `'${name}' is used by ${view.usedBy.join(', ')}.`);
        return edited(world, actor, [kind.remove(name)], { action: `${word}.remove`, subject: name });
      },
    }),
  ];
}

const Regex = z.object({
  option: z.enum(['prefregex', 'failregex', 'ignoreregex']),
  regex: z.string(),
  hits: z.number(),
  microseconds: z.number(),
  slow: z.boolean(),
  danger: z.object({ kind: z.enum(['explosive', 'slow']), message: z.string(), line: z.string().nullable() }).nullable(),
});

const Test = z.object({
  kind: z.enum(['done', 'unfinished']),
  message: z.string().nullable(),
  lines: z.number(),
  matched: z.number(),
  ignored: z.number(),
  missed: z.number(),
  regexes: z.array(Regex),
  shown: z.array(
    z.object({
      number: z.number(),
      text: z.string(),
      verdict: z.string(),
      failregex: z.number().nullable(),
      id: z.string().nullable(),
      user: z.string().nullable(),
    }),
  ),
});

const tests: Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/filters/check',
    tag: 'filters',
    summary: 'What is wrong or doubtful in the text of a filter; runs it on nothing',
    params: Nothing,
    query: Nothing,
    body: z.object({ name: Name.default('new'), text: Text }),
    readsOnly: true,
    answer: z.object({ problems: z.array(ProblemItem) }),
    run: ({ body: { name, text } }, world) => {
      const problems = world.tester.checkFilterText({ confdir: world.confdir, file: `${name}.local`, text });
      return Promise.resolve({ problems: problems.map((problem) => ({ ...problem })) });
    },
  }),
  endpoint({
    method: 'post',
    path: '/filters/test',
    tag: 'filters',
    summary: 'Try a filter, saved or not, on a log of the server or on lines',
    params: Nothing,
    query: Nothing,
    body: z.object({
      name: z.string().min(1).max(600).optional().meta({ description: 'A saved filter, with options: sshd[mode=aggressive]' }),
      text: Text.optional().meta({ description: 'The text of a filter that is not saved' }),
      log: z.string().min(1).max(1000).optional(),
      lines: z.string().max(200_000).optional(),
      limit: z.number().int().min(1).max(100_000).default(20_000),
    }),
    readsOnly: true,
    answer: Test,
    run: async ({ body: { name, text, log, lines, limit } }, world) => {
      const filter = text !== undefined ? { text, file: `${name ?? 'new'}.local` } : name !== undefined ? { name } : null;
      const source = lines !== undefined ? { lines } : log !== undefined ? { log } : null;
      if (filter === null || source === null) throw new ApiError(422, 'Give a name or a text, and a log or lines.');
      const test = await world.tester.testFilter({ filter, source, confdir: world.confdir, limit });
      const done = test.kind === 'done' ? test.summary : null;
      return {
        kind: test.kind,
        message: test.kind === 'done' ? null : test.message,
        ...{ lines: done?.lines ?? 0, matched: done?.matched ?? 0, ignored: done?.ignored ?? 0, missed: done?.missed ?? 0 },
        regexes: (done?.regexes ?? []).map(({ option, regex, hits, microseconds, slow, danger }) => ({
          ...{ option, regex, hits, microseconds, slow },
          danger: danger === null ? null : { kind: danger.kind, message: danger.message, line: danger.line },
        })),
        shown: test.lines.map(({ number, text: shown, verdict, failure }) => ({
          ...{ number, text: shown, verdict },
          failregex: failure?.failregex ?? null,
          id: failure?.id ?? null,
          user: failure?.user ?? null,
        })),
      };
    },
  }),
];

const dryRun = endpoint({
  method: 'post',
  path: '/actions/{name}/test',
  tag: 'actions',
  summary: 'What an action would execute for a documentation address; nothing is run',
  params: OfName,
  query: Nothing,
  body: z.object({
    address: z.enum(DOCUMENTATION_ADDRESSES).default(DOCUMENTATION_ADDRESSES[0]),
    options: z.string().max(2000).default('').meta({ description: 'As a jail gives them: name=ssh, port=22' }),
  }),
  readsOnly: true,
  answer: z.object({
    commands: z.array(z.object({ operation: z.string(), command: z.string(), arguments: z.array(z.string()) })),
    problems: z.array(ProblemItem),
  }),
  run: async ({ params: { name }, body: { address, options } }, world) => {
    if ((await ACTION.one(world.configuration, name)) === null) throw new ApiError(404, `There is no action '${name}'.`);
    const { commands, problems } = await world.tester.dryRunAction({ confdir: world.confdir, action: name, options, address });
    return {
      commands: commands.map((command) => ({ ...command, arguments: [...command.arguments] })),
      problems: problems.map((problem) => ({ ...problem })),
    };
  },
});

export const endpoints: readonly Endpoint[] = [...tests, ...endpointsOf(FILTER), ...endpointsOf(ACTION), dryRun];
