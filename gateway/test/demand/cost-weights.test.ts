import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { readCostWeights } from '../../src/demand/cost-weights';

const FEDERATION = 'https://specs.apollo.dev/federation/v2.9';

function weightsOf(imports: string, cost: string, listSize: string) {
  const typeDefs = parse(`
    extend schema @link(url: "${FEDERATION}", import: [${imports}])
    type Query { all(first: Int @${cost}(weight: 2)): [Item!]! @${listSize}(slicingArguments: ["first"]) pick(by: Pick): Item }
    type Item @${cost}(weight: 3) { name: String @${cost}(weight: 4) kind: Kind mark: Mark }
    input Pick { name: String @${cost}(weight: -5) }
    enum Kind @${cost}(weight: 6) { A }
    scalar Mark @${cost}(weight: 7)`);
  const { supergraphSdl, errors } = composeServices([{ name: 'items', url: 'http://items.test', typeDefs }]);
  if (supergraphSdl === undefined) throw new AggregateError(errors);
  return readCostWeights(supergraphSdl);
}

describe('weights and sizes', () => {
  it.each([
    ['imported as they are', '"@cost", "@listSize"', 'cost', 'listSize'],
    ['renamed', '{ name: "@cost", as: "@price" }, { name: "@listSize", as: "@sized" }', 'price', 'sized'],
    ['one imported, one not', '"@cost"', 'cost', 'federation__listSize'],
    ['not imported', '', 'federation__cost', 'federation__listSize'],
  ])('are read from a composed supergraph, %s', (_how, imports, cost, listSize) => {
    const { weights, listSizes } = weightsOf(imports, cost, listSize);
    expect(Object.fromEntries(weights)).toEqual({
      'Query.all(first:)': 2,
      Item: 3,
      'Item.name': 4,
      'Pick.name': -5,
      Kind: 6,
      Mark: 7,
    });
    expect(Object.fromEntries(listSizes)).toEqual({
      'Query.all': {
        assumedSize: null,
        slicingArguments: ['first'],
        sizedFields: new Set(),
        requireOneSlicingArgument: true,
      },
    });
  });
});
