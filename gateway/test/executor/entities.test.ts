import { entitiesAt, type Entity, mergeInto, ownValue, pathsOfEntitiesAt, setOwn } from '../../src/executor/entities';

describe('values of an answer', () => {
  const inherited = Object.getOwnPropertyNames(Object.prototype);

  it.each(inherited)('does not take the inherited %s for an answered one', (name) => {
    expect(ownValue({}, name)).toBeUndefined();
  });

  it.each(inherited)('finds an answered %s', (name) => {
    const answered = JSON.parse(`{"${name}":{"id":"1"}}`) as Entity;
    expect(ownValue(answered, name)).toEqual({ id: '1' });
    const merged: Entity = {};
    mergeInto(merged, answered);
    expect(ownValue(merged, name)).toEqual({ id: '1' });
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });

  it('sets __proto__ as any other name', () => {
    const entity: Entity = {};
    setOwn(entity, '__proto__', 'x');
    expect(JSON.stringify(entity)).toBe('{"__proto__":"x"}');
  });
});

describe('merging', () => {
  it('merges objects, and lists of equal length element by element', () => {
    const target: Entity = { a: { x: 1 }, list: [{ x: 1 }, { x: 2 }], nested: [[{ x: 1 }]] };
    mergeInto(target, { a: { y: 2 }, list: [{ y: 1 }, { y: 2 }], nested: [[{ y: 1 }]] });
    expect(target).toEqual({
      a: { x: 1, y: 2 },
      list: [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
      nested: [[{ x: 1, y: 1 }]],
    });
  });

  it('replaces lists of another length, and what is no object', () => {
    const target: Entity = { list: [1, 2], value: { x: 1 }, gone: { x: 1 } };
    mergeInto(target, { list: [3], value: 'text', gone: null });
    expect(target).toEqual({ list: [3], value: 'text', gone: null });
  });
});

describe('places of a plan', () => {
  const data: Entity = {
    shelves: [{ books: [{ id: '1' }, null, { id: '2' }] }, null, { books: null }],
    one: { id: '3' },
  };

  it('finds objects through lists, and where they stand', () => {
    expect(entitiesAt(data, ['shelves', '@', 'books', '@'])).toEqual([{ id: '1' }, { id: '2' }]);
    expect(pathsOfEntitiesAt(data, ['shelves', '@', 'books', '@'])).toEqual([
      ['shelves', 0, 'books', 0],
      ['shelves', 0, 'books', 2],
    ]);
  });

  it('finds the root itself, and one object', () => {
    expect(entitiesAt(data, [])).toEqual([data]);
    expect(entitiesAt(data, ['one'])).toEqual([{ id: '3' }]);
    expect(entitiesAt(data, ['absent', '@'])).toEqual([]);
  });
});
