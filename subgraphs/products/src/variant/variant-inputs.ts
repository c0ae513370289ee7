import {
  GraphQLCurrencyCode,
  GraphQLDateTime,
  IsCurrencyCode,
  IsPlainLine,
  IsTypeId,
  MoneyInput,
  TrimmedString,
} from '@shopgraph/kit';
import { ArrayMaxSize, ArrayMinSize, Min, ValidateNested } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { ErrorPolicyEnum } from '../types';
import type { ErrorPolicy } from './variant';

const MAX_SKU_LENGTH = 64;
const MAX_NAME_LENGTH = 200;
const MAX_OPTION_LENGTH = 60;
const MAX_OPTIONS = 5;
const MAX_LINES = 100;

@ArgsType()
export class VariantArgs {
  @Field(() => ID, { nullable: true, description: 'Id of the variant; give this or the SKU.' })
  @IsTypeId('var')
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'SKU of the variant; give this or the id.' })
  @TrimmedString(1, MAX_SKU_LENGTH)
  sku?: string | null;
}

@ArgsType()
export class PriceArgs {
  @Field(() => GraphQLCurrencyCode, { nullable: true, description: 'The currency; the shop’s own when left out.' })
  @IsCurrencyCode()
  currency?: string | null;
}

@InputType({ description: 'The value of one of the product’s options.' })
export class VariantOptionInput {
  @Field(() => String, { description: 'The option, such as `Size`.' })
  @TrimmedString(1, MAX_OPTION_LENGTH)
  @IsPlainLine()
  name!: string;

  @Field(() => String, { description: 'One of its values, such as `M`.' })
  @TrimmedString(1, MAX_OPTION_LENGTH)
  @IsPlainLine()
  value!: string;
}

@InputType({ description: 'A new variant.' })
export class VariantCreateInput {
  @Field(() => String, { description: 'Its stock keeping unit, which no other variant has.' })
  @TrimmedString(1, MAX_SKU_LENGTH)
  @IsPlainLine()
  sku!: string;

  @Field(() => String, { nullable: true, description: 'What it is called; made from its options when left out.' })
  @TrimmedString(1, MAX_NAME_LENGTH)
  @IsPlainLine()
  name?: string | null;

  @Field(() => [VariantOptionInput], {
    defaultValue: [],
    description: 'A value for each of the product’s options, in a combination that no other variant has.',
  })
  @ArrayMaxSize(MAX_OPTIONS)
  @ValidateNested()
  options!: VariantOptionInput[];

  @Field(() => MoneyInput, { nullable: true, description: 'What one unit costs; it can be set later.' })
  @ValidateNested()
  price?: MoneyInput | null;
}

@ArgsType()
export class VariantsCreateArgs {
  @Field(() => ID, { description: 'What they are variants of.' })
  @IsTypeId('prod')
  productId!: string;

  @Field(() => [VariantCreateInput], { description: 'The variants, at most 100.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_LINES)
  @ValidateNested()
  input!: VariantCreateInput[];

  @Field(() => ErrorPolicyEnum, {
    defaultValue: 'ALL_OR_NOTHING',
    description: 'Whether good lines are added when others are bad.',
  })
  errorPolicy!: ErrorPolicy;
}

@ArgsType()
export class VariantTargetArgs {
  @Field(() => ID, { description: 'The variant.' })
  @IsTypeId('var')
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Refuse unless this is its version.' })
  @Min(1)
  expectedVersion?: number | null;
}

@InputType({ description: 'What to change of a variant: what is left out, or null, stays as it is.' })
export class VariantUpdateInput {
  @Field(() => String, { nullable: true, description: 'What it is called.' })
  @TrimmedString(1, MAX_NAME_LENGTH)
  @IsPlainLine()
  name?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is offered.' })
  active?: boolean | null;
}

@ArgsType()
export class PriceSetArgs {
  @Field(() => ID, { description: 'The variant.' })
  @IsTypeId('var')
  variantId!: string;

  @Field(() => MoneyInput, {
    description: 'What one unit costs; in place of its price in the same currency for the same time.',
  })
  @ValidateNested()
  price!: MoneyInput;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'From when on it holds; always when left out.' })
  validFrom?: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Before when it holds; for ever when left out. A price for a while goes before the usual one.',
  })
  validTo?: Date | null;
}
