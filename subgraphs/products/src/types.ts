import {
  type Connection,
  connectionOf,
  GraphMoney,
  GraphQLDateTime,
  graphqlEnum,
  PageSized,
  UserError,
} from '@shopgraph/kit';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { ProductStatus } from './product/product';
import type { ProductSort } from './product/product-store';
import type { ErrorPolicy } from './variant/variant';

export const ProductStatusEnum = graphqlEnum<ProductStatus>(
  'ProductStatus',
  'Where a product stands: being prepared, on sale, or no longer.',
  {
    DRAFT: 'Being prepared: known to staff only.',
    ACTIVE: 'On sale.',
    ARCHIVED: 'No longer on sale: known to staff only.',
  },
);

export const ProductSortEnum = graphqlEnum<ProductSort>('ProductSort', 'In which order products are listed.', {
  CREATED_AT_ASC: 'Oldest first.',
  CREATED_AT_DESC: 'Newest first.',
  NAME_ASC: 'By name, upper and lower case alike.',
  NAME_DESC: 'By name backwards, upper and lower case alike.',
  UPDATED_AT_DESC: 'Last changed first.',
});

export const ErrorPolicyEnum = graphqlEnum<ErrorPolicy>(
  'ErrorPolicy',
  'What becomes of the good lines of a request when others are bad.',
  {
    ALL_OR_NOTHING: 'Nothing is done.',
    PARTIAL: 'The good ones are done.',
  },
);

@ObjectType({ description: 'What the variants of a product differ in.' })
export class ProductOption {
  @Field(() => String, { description: 'Such as `Size`.' })
  name!: string;

  @Field(() => [String], { description: 'Such as `S`, `M` and `L`.' })
  values!: string[];
}

@ObjectType({ description: 'What a variant is in one of the options of its product.' })
export class VariantOption {
  @Field(() => String, { description: 'The option, such as `Size`.' })
  name!: string;

  @Field(() => String, { description: 'Its value, such as `M`.' })
  value!: string;
}

@Directive('@key(fields: "id")')
@Directive('@key(fields: "sku")')
@ObjectType({ description: 'What can be bought: a product in one choice of its options.' })
export class ProductVariant {
  @Field(() => ID, { description: 'Id of the variant.' })
  id!: string;

  @Field(() => String, { description: 'The stock keeping unit, unique.' })
  sku!: string;

  @Field(() => String, { description: 'What it is called beside the product’s name.' })
  name!: string;

  @Field(() => [VariantOption], { description: 'Its choice of the product’s options, in their order.' })
  options!: VariantOption[];

  @Field(() => GraphMoney, {
    nullable: true,
    description: 'What one unit costs; null without a price in the currency.',
  })
  price!: GraphMoney | null;

  @Field(() => Boolean, { description: 'Whether it is offered; others are known to staff only.' })
  active!: boolean;

  @Field(() => Product, { description: 'What it is a variant of.' })
  product!: Product;

  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number;
}

export const ProductVariantConnection = connectionOf(ProductVariant);

@Directive('@key(fields: "id")')
@Directive('@key(fields: "slug")')
@ObjectType({ description: 'What is sold, in one or more variants.' })
export class Product {
  @Field(() => ID, { description: 'Id of the product.' })
  id!: string;

  @Field(() => String, { description: 'Its name in addresses, unique.' })
  slug!: string;

  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => String, { description: 'Sanitised HTML; empty when there is nothing to say.' })
  description!: string;

  @Field(() => ProductStatusEnum, { description: 'Where it stands; drafts and archived products are for staff only.' })
  status!: ProductStatus;

  @Field(() => [ProductOption], { description: 'What its variants differ in.' })
  options!: ProductOption[];

  @PageSized()
  @Field(() => ProductVariantConnection, { description: 'Its variants in the order in which they were added.' })
  variants!: Connection<ProductVariant>;

  @Field(() => Int, { description: 'Rises with every change of the product itself, not of its variants.' })
  version!: number;

  @Field(() => GraphQLDateTime, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it was last changed.' })
  updatedAt!: Date;
}

export const ProductConnection = connectionOf(Product);

@ObjectType({ description: 'What became of a change to a product.' })
export class ProductPayload {
  @Field(() => Product, { nullable: true, description: 'The product afterwards; null when refused.' })
  product!: Product | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of new variants.' })
export class VariantsPayload {
  @Field(() => [ProductVariant], { description: 'The variants that were added, in the order of their lines.' })
  variants!: ProductVariant[];

  @Field(() => [UserError], { description: 'What is wrong with which line; empty when all were added.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a change to a variant.' })
export class VariantPayload {
  @Field(() => ProductVariant, { nullable: true, description: 'The variant afterwards; null when refused.' })
  variant!: ProductVariant | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a price.' })
export class PricePayload {
  @Field(() => ProductVariant, { nullable: true, description: 'The variant afterwards; null when refused.' })
  variant!: ProductVariant | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
