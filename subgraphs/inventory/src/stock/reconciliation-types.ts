import { graphqlEnum } from '@shopgraph/kit';
import { Field, Int, ObjectType } from 'type-graphql';
import type { ReconciliationSource, StockFigure } from './reconciliation';
import { StockLevel } from './types';

const StockFigureEnum = graphqlEnum<StockFigure>('StockFigure', 'A figure of a level.', {
  ON_HAND: 'Units physically there.',
  ALLOCATED: 'Units promised to placed orders.',
  RESERVED: 'Units held by active reservations.',
  AVAILABLE: 'Units that nobody has a claim on.',
});

const ReconciliationSourceEnum = graphqlEnum<ReconciliationSource>(
  'ReconciliationSource',
  'What a figure was compared with.',
  {
    MOVEMENTS: 'The sum of all movements of the level.',
    ACTIVE_RESERVATIONS: 'What active reservations hold of the level.',
    OTHER_FIGURES: 'The other figures of the level.',
  },
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
