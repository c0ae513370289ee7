import type { BsonDocument } from '../bson/values';
import type { FindQuery } from '../storage/find';
import type { CommandRequest } from './command';
import { countField, documentField, optionalDocumentField } from './fields';

/** The query that `find`, `count`, `distinct` and `explain` describe; `filterField` is where each has its filter. */
export function readQuery(
  command: BsonDocument,
  variables: CommandRequest['variables'],
  filterField: 'filter' | 'query',
): FindQuery {
  return {
    filter: documentField(command, filterField),
    sort: optionalDocumentField(command, 'sort'),
    skip: countField(command, 'skip') ?? 0,
    limit: countField(command, 'limit'),
    hint: command.hint,
    collation: command.collation,
    variables,
  };
}
