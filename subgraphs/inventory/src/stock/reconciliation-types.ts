import { graphqlEnum } from '@shopgraph/kit';
import { Field, Int, ObjectType } from 'type-graphql';
import { RECONCILIATION_SOURCES, type ReconciliationSource, STOCK_FIGURES, type StockFigure } from './reconciliation';
import { StockLevel } from './types';

const StockFigureEnum = graphqlEnum('StockFigure', STOCK_FIGURES, 'A figure of a level.');

const ReconciliationSourceEnum = graphqlEnum(
  'ReconciliationSource',
  RECONCILIATION_SOURCES,
  'What a figure was compared with.',
);

@ObjectType({ description: 'A figure of a level that is stored otherwise than its history says.' })
export class StockDiscrepancy {
  @Field(() => StockLevel, { description: 'The level.' })
  level!: StockLevel;

  @Field(() => StockFigureEnum, { description: 'The figure.' })
  figure!: StockFigure;

  @Field(() => Int, { description: 'Units that are stored.' })
  stored!: number;

  @Field(() => Int, { description: 'Units that it should be.' })
  expected!: number;

  @Field(() => ReconciliationSourceEnum, { description: 'What says so.' })
  source!: ReconciliationSource;
}
