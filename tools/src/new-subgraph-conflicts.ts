import { buildSchema } from 'graphql';
import { BadNameError, type SubgraphNames } from './new-subgraph-names';

/**
 * Checks that the supergraph has room for the entity.
 * @throws BadNameError when another subgraph has a type or root field of a name that the new one would use.
 */
export function checkFreeInGraph(api: string, { Entity, entity, entities }: SubgraphNames): void {
  const schema = buildSchema(api);
  const types = ['', 'Connection', 'Edge', 'Payload', 'CreateInput'].map((suffix) => Entity + suffix);
  const takenTypes = types.filter((type) => schema.getType(type));
  const takenFields = [
    ...[entity, entities].filter((field) => schema.getQueryType()?.getFields()[field]),
    ...[`${entity}Create`].filter((field) => schema.getMutationType()?.getFields()[field]),
  ];
  const [taken] = [...takenTypes, ...takenFields];
  if (taken !== undefined) {
    throw new BadNameError(
      `The supergraph has "${taken}" already: name another entity with --entity, such as GiftCard.`,
    );
  }
}
