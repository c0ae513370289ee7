import { IsPlainLine, IsTypeId, isTypeId, PageArgs, Tag, TrimmedString } from '@shopgraph/kit';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  Matches,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { ProductSortEnum, ProductStatusEnum } from '../types';
import type { ProductStatus } from './product';
import type { ProductSort } from './product-store';
import { MAX_SLUG_LENGTH, SLUG_PATTERN } from './slug';

const MAX_NAME_LENGTH = 200;
const MAX_DESCRIPTION_LENGTH = 20_000;
const MAX_OPTIONS = 5;
const MAX_OPTION_VALUES = 100;
const MAX_OPTION_LENGTH = 60;
const MAX_FILTER_VALUES = 100;

const SLUG_RULE = { message: '$property must be words of lower-case letters and digits, joined by hyphens' };

const ID_RULE = 'each value must be an id that starts with prod_';
const isProductId = (value: unknown) => isTypeId(value, 'prod');

@InputType({ description: 'What variants differ in.' })
export class ProductOptionInput {
  @Field(() => String, { description: 'Such as `Size`.' })
  @TrimmedString(1, MAX_OPTION_LENGTH)
  @IsPlainLine()
  name!: string;

  @Field(() => [String], { description: 'Such as `S`, `M` and `L`; no value twice.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_OPTION_VALUES)
  @ArrayUnique((value: string) => value.trim())
  @Matches(/\S/, { each: true, message: 'each value must hold more than white space' })
  @MaxLength(MAX_OPTION_LENGTH, { each: true })
  @IsPlainLine({ each: true })
  values!: string[];
}

@InputType({ description: 'A new product.' })
export class ProductCreateInput {
  @Field(() => String, { description: 'What it is called.' })
  @TrimmedString(1, MAX_NAME_LENGTH)
  @IsPlainLine()
  name!: string;

  @Field(() => String, { nullable: true, description: 'Its name in addresses; made from the name when left out.' })
  @TrimmedString(1, MAX_SLUG_LENGTH)
  @Matches(SLUG_PATTERN, SLUG_RULE)
  slug?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'HTML with simple formatting; what is not allowed is taken out.',
  })
  @TrimmedString(0, MAX_DESCRIPTION_LENGTH)
  description?: string | null;

  @Field(() => [ProductOptionInput], { defaultValue: [], description: 'What its variants differ in, no name twice.' })
  @ArrayMaxSize(MAX_OPTIONS)
  @ArrayUnique(({ name }: ProductOptionInput) => name)
  @ValidateNested()
  options!: ProductOptionInput[];
}

@InputType({ description: 'What to change of a product: what is left out, or null, stays as it is.' })
export class ProductUpdateInput {
  @Field(() => String, { nullable: true, description: 'What it is called.' })
  @TrimmedString(1, MAX_NAME_LENGTH)
  @IsPlainLine()
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Its name in addresses.' })
  @TrimmedString(1, MAX_SLUG_LENGTH)
  @Matches(SLUG_PATTERN, SLUG_RULE)
  slug?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'HTML with simple formatting; what is not allowed is taken out.',
  })
  @TrimmedString(0, MAX_DESCRIPTION_LENGTH)
  description?: string | null;

  @Field(() => [ProductOptionInput], {
    nullable: true,
    description: 'All options that it then has; those of its variants must be among them.',
  })
  @ArrayMaxSize(MAX_OPTIONS)
  @ArrayUnique(({ name }: ProductOptionInput) => name)
  @ValidateNested()
  options?: ProductOptionInput[] | null;
}

@ArgsType()
export class ProductArgs {
  @Field(() => ID, { nullable: true, description: 'Id of the product; give this or the slug.' })
  @IsTypeId('prod')
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Slug of the product; give this or the id.' })
  @TrimmedString(1, MAX_SLUG_LENGTH)
  slug?: string | null;
}

@InputType({ description: 'Which products to list: those that fit everything that is given.' })
export class ProductFilterInput {
  @Field(() => String, { nullable: true, description: 'Words, each of which begins a word of name or description.' })
  @TrimmedString(1, MAX_NAME_LENGTH)
  search?: string | null;

  @Tag('partner')
  @Field(() => ProductStatusEnum, { nullable: true, description: 'Where they stand; for staff only.' })
  status?: ProductStatus | null;

  @Field(() => [ID], { nullable: true, description: 'Their ids.' })
  @ArrayMaxSize(MAX_FILTER_VALUES)
  @ValidateBy({ name: 'areProductIds', validator: { validate: isProductId } }, { each: true, message: ID_RULE })
  ids?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Their slugs.' })
  @ArrayMaxSize(MAX_FILTER_VALUES)
  @MaxLength(MAX_SLUG_LENGTH, { each: true })
  slugs?: string[] | null;
}

@ArgsType()
export class ProductsArgs extends PageArgs {
  @Field(() => ProductFilterInput, {
    nullable: true,
    description: 'Which products; all that the viewer knows of when left out.',
  })
  @ValidateNested()
  filter?: ProductFilterInput | null;

  @Field(() => ProductSortEnum, { defaultValue: 'CREATED_AT_DESC', description: 'In which order.' })
  sort!: ProductSort;
}

@ArgsType()
export class ProductTargetArgs {
  @Field(() => ID, { description: 'The product.' })
  @IsTypeId('prod')
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Refuse unless this is its version.' })
  @Min(1)
  expectedVersion?: number | null;
}

@ArgsType()
export class ProductVersionArgs {
  @Field(() => ID, { description: 'The product.' })
  @IsTypeId('prod')
  id!: string;

  @Field(() => Int, { description: 'The version that the change was made for; another one refuses it.' })
  @Min(1)
  expectedVersion!: number;
}
