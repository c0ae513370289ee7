import { beginsWith } from '@shopgraph/kit';
import { searchFieldsOf, searchTermsOf } from '../../src/accounts/user-search';

const ada = { name: 'Ada Lovelace-Byron', email: 'a.king+shop@example.com' };
const jose = { name: 'José Müller 李小龍', email: 'jose@xn--mller-kva.example' };

function isFound(user: typeof ada, search: string): boolean {
  const { searchWords } = searchFieldsOf(user);
  return searchTermsOf(search).every((term) => searchWords.some((word) => beginsWith(term).test(word)));
}

describe('a search', () => {
  it.each([
    ['love', ada],
    ['LOVELACE ada', ada],
    ['byr king exam', ada],
    ['a.king', ada],
    ['a.king+shop@example.com', ada],
    [' A.King+Shop@EXAMPLE.com ', ada],
    ['a.king+shop@ex', ada],
    ['ada a.king+', ada],
    ['@example.com', ada],
    ['jose', jose],
    ['JOSÉ', jose],
    ['mull', jose],
    ['李小', jose],
    ['jose@müller.example', jose],
    ['jose@mu', jose],
    ['müller', { name: 'J.', email: jose.email }],
  ])('for %j finds %j', (search, user) => {
    expect(isFound(user, search)).toBe(true);
  });

  it.each([
    ['lace', ada],
    ['ada x', ada],
    ['ada.*', jose],
    ['.*', ada],
    ['^', ada],
    ['@', ada],
    ['%', ada],
    ['king+shop@example.com', ada],
    ['a.king+shop@example.org', ada],
    ['a.king.shop@example.com', ada],
    ['a(king)+shop@', ada],
  ])('for %j does not find %j', (search, user) => {
    expect(isFound(user, search)).toBe(false);
  });
});

it('names are sorted without case and accents', () => {
  const names = ['Zoe', 'ábel', 'Abe', 'École'].map((name) => searchFieldsOf({ name, email: 'a@b.example' }).nameSort);
  expect(names).toEqual(['zoe', 'abel', 'abe', 'ecole']);
});
