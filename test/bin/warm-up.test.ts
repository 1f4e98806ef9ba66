/** What is made ready while nobody looks at a page yet. */
import { systemClock } from '../../src/base/clock';
import { AppError } from '../../src/base/errors';
import { warmUp } from '../../src/bin/web/warm-up';

const templates = ['layouts/plain', 'pages/bans', 'partials/time'];

it('is every template, then the configuration', async () => {
  const made: string[] = [];
  const render = { templates, prepare: (name: string) => void made.push(name) };
  const configuration = {
    jails: () => {
      made.push('jails');
      return Promise.resolve([]);
    },
  };
  await warmUp({ render, configuration, clock: systemClock }, new AbortController().signal);
  expect(made).toEqual([...templates, 'jails']);
});

it('ends between two pieces when the pages stop', async () => {
  const made: string[] = [];
  const ending = new AbortController();
  const prepare = (name: string): void => {
    made.push(name);
    ending.abort();
  };
  const configuration = { jails: () => Promise.reject(new Error('nobody asks any more')) };
  await warmUp({ render: { templates, prepare }, configuration, clock: systemClock }, ending.signal);
  expect(made).toEqual(['layouts/plain']);
});

it('leaves a configuration that cannot be read to the pages', async () => {
  const configuration = { jails: () => Promise.reject(new AppError('CONFIG_DIR_MISSING', 'there is no folder')) };
  await warmUp({ render: { templates: [], prepare: () => undefined }, configuration, clock: systemClock }, new AbortController().signal);
  const broken = { jails: () => Promise.reject(new TypeError('ours')) };
  await expect(
    warmUp(
      { render: { templates: [], prepare: () => undefined }, configuration: broken, clock: systemClock },
      new AbortController().signal,
    ),
  ).rejects.toThrow('ours');
});
