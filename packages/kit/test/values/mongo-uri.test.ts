import { databaseIn, withDatabase } from '../../src/mongo-uri';

describe('the database in a connection string', () => {
  it.each([
    ['mongodb://localhost', ''],
    ['mongodb://localhost:27017/', ''],
    ['mongodb://localhost:27017/shop', 'shop'],
    ['mongodb+srv://cluster.example.com/?retryWrites=true', ''],
    ['mongodb://one,two,three/shop?replicaSet=rs0', 'shop'],
    ['mongodb://one:27017,two:27017/?replicaSet=rs0', ''],
    ['mongodb://ada:p%2Fw@one:27017,two:27018,[::1]:27019/shop?replicaSet=rs0', 'shop'],
    ['mongodb://one:27017,two:27017?replicaSet=rs0', ''],
  ])('of %s is "%s"', (uri, database) => {
    expect(databaseIn(uri)).toBe(database);
  });

  it.each([
    ['mongodb://localhost', 'mongodb://localhost/users'],
    ['mongodb://localhost:27017/shop', 'mongodb://localhost:27017/users'],
    ['mongodb://one:27017,two:27017/?replicaSet=rs0', 'mongodb://one:27017,two:27017/users?replicaSet=rs0'],
    ['mongodb://one:27017,two:27017?replicaSet=rs0', 'mongodb://one:27017,two:27017/users?replicaSet=rs0'],
  ])('becomes another one in %s', (uri, expected) => {
    expect(withDatabase(uri, 'users')).toBe(expected);
  });
});
