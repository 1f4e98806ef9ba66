import { formFrom } from '../../../src/panel/web/form';
import { linkWith, pageOf, pagingOf, sortLinks } from '../../../src/panel/web/listing';

describe('links of a list', () => {
  const query = formFrom({ search: 'a&b', page: '3', jail: '' });

  it('keep the query, change what they change, and leave out what says nothing', () => {
    expect(linkWith('/bans', query, { sort: 'since', page: '1' })).toBe('/bans?search=a%26b&sort=since');
    expect(linkWith('/bans', formFrom({}), { page: '1' })).toBe('/bans');
  });

  it('lead to the pages before and behind, where there are any', () => {
    expect(pagingOf('/bans', query, 3, 3)).toEqual({ page: 3, pages: 3, previous: '/bans?search=a%26b&page=2', next: null });
    expect(pagingOf('/bans', query, 1, 1)).toBeNull();
  });

  it.each([
    ['3', 3],
    ['0', 1],
    ['-1', 1],
    ['1.5', 1],
    ['1e9', 1],
    ['x', 1],
  ])('page %s is page %d', (page, expected) => expect(pageOf(formFrom({ page }))).toBe(expected));

  it('turn the column round that sorts already', () => {
    const links = sortLinks('/bans', formFrom({}), ['address', 'since'] as const, { sort: 'since', descending: false });
    expect(links.since).toEqual({ name: 'since', link: '/bans?sort=since&order=descending', direction: 'ascending' });
    expect(links.address).toEqual({ name: 'address', link: '/bans?sort=address&order=ascending', direction: 'none' });
  });
});
