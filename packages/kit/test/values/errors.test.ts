import { GraphQLError } from 'graphql';
import { Error as MongooseError } from 'mongoose';
import { publicError } from '../../src/error-format';
import { DomainError, type ErrorCode, ERRORS, isErrorCode } from '../../src/errors';

const codes = Object.keys(ERRORS) as ErrorCode[];

/** What a client gets of an error that a resolver has thrown. */
function shown(thrown: Error) {
  const error = new GraphQLError(thrown.message, { originalError: thrown, path: ['field'] });
  return publicError(error.toJSON(), error);
}

describe('the table of error codes', () => {
  it.each(codes)('has a message and an HTTP status for %s', (code) => {
    const { message, httpStatus } = ERRORS[code];
    expect(message).toMatch(/^[A-Z].*[.\w]$/);
    expect(httpStatus === 200 || (httpStatus >= 400 && httpStatus < 600)).toBe(true);
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });

  it('is all there is', () => {
    expect(codes.every(isErrorCode)).toBe(true);
    for (const other of ['toString', '__proto__', 'INTERNAL_SERVER_ERROR', '', null, 404]) {
      expect(isErrorCode(other)).toBe(false);
    }
  });
});

describe('a client', () => {
  it.each(codes)('is told the code and the message of %s, and where it happened', (code) => {
    expect(shown(new DomainError(code))).toMatchObject({
      message: ERRORS[code].message,
      extensions: { code },
      path: ['field'],
    });
  });

  it('is told the details that a domain error has for it, and nothing of its cause', () => {
    const fields = [{ path: ['input', 'name'], message: 'name is too long' }];
    const cause = new Error('mongo-7.internal');
    const error = shown(new DomainError('BAD_USER_INPUT', { message: 'Too long.', fields, retryAfter: 3, cause }));
    expect(error).toEqual({
      message: 'Too long.',
      path: ['field'],
      extensions: { code: 'BAD_USER_INPUT', fields, retryAfter: 3 },
    });
  });

  it('is told nothing of an unknown error', () => {
    const thrown = Object.assign(new Error('connect ECONNREFUSED mongo-7.internal'), { code: 'CONFLICT' });
    expect(shown(thrown)).toEqual({
      message: ERRORS.INTERNAL.message,
      path: ['field'],
      extensions: { code: 'INTERNAL' },
    });
  });

  it('is told nothing of an error whose code is not in the table', () => {
    const error = new GraphQLError('secret', { extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: ['at x'] } });
    expect(publicError(error.toJSON(), error)).toEqual({
      message: ERRORS.INTERNAL.message,
      extensions: { code: 'INTERNAL' },
    });
  });

  it('is told what GraphQL says of the request, without the stack', () => {
    const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', stacktrace: ['at x'] };
    const error = new GraphQLError('Cannot query field "a".', { extensions });
    expect(publicError(error.toJSON(), error)).toEqual({
      message: 'Cannot query field "a".',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  it('is told that its input is bad where the database cannot use a value as its type', () => {
    const thrown = new MongooseError.CastError('Number', { $gt: 0 }, 'units');
    expect(shown(thrown)).toEqual({
      message: ERRORS.BAD_USER_INPUT.message,
      path: ['field'],
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});
