import { askFirst, isConfirmed } from '../../../src/panel/web/confirm';
import { formFrom } from '../../../src/panel/web/form';

it('the question carries the form on, without its token and without an answer', () => {
  const form = formFrom({ _csrf: 'secret', confirmed: 'no', id: ['192.0.2.1', '192.0.2.2'], jail: 'ssh' });
  const items = Array.from({ length: 25 }, (_none, index) => `item ${index}`);
  const { data } = askFirst({ action: '/bans/unban', form, question: 'confirm.title', items, back: '/bans' });
  expect(data['fields']).toEqual([
    { name: 'id', value: '192.0.2.1' },
    { name: 'id', value: '192.0.2.2' },
    { name: 'jail', value: 'ssh' },
  ]);
  expect(data['items']).toEqual(items.slice(0, 20));
  expect(data['more']).toBe(5);
});

it('only yes is yes', () => {
  expect([isConfirmed(formFrom({ confirmed: 'yes' })), isConfirmed(formFrom({ confirmed: 'on' })), isConfirmed(formFrom({}))]).toEqual([
    true,
    false,
    false,
  ]);
});
