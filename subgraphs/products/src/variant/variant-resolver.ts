import {
  DomainError,
  GraphMoney,
  type Money,
  type MoneyInput,
  parseMoney,
  payloadOf,
  readMoneyInput,
  Tag,
  toGraphMoney,
} from '@shopgraph/kit';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ProductsContext } from '../context';
import { given } from '../given';
import { findVariant } from '../lookups';
import type { Product } from '../product/product';
import { PricePayload, Product as GraphProduct, ProductVariant, VariantPayload, VariantsPayload } from '../types';
import { lineError, variantError } from '../user-errors';
import { isPrice, MAX_PRICE, priceIn, type Variant } from './variant';
import {
  PriceArgs,
  PriceSetArgs,
  VariantArgs,
  VariantsCreateArgs,
  VariantTargetArgs,
  VariantUpdateInput,
} from './variant-inputs';

@Resolver(() => ProductVariant)
export class VariantResolver {
  @Query(() => ProductVariant, { nullable: true, description: 'One variant, by its id or its SKU.' })
  variant(@Args(() => VariantArgs) key: VariantArgs, @Ctx() context: ProductsContext): Promise<Variant | null> {
    return findVariant(key, context);
  }

  @FieldResolver(() => GraphMoney, { nullable: true })
  price(
    @Root() variant: Variant,
    @Args(() => PriceArgs) { currency }: PriceArgs,
    @Ctx() { defaultCurrency, clock }: ProductsContext,
  ): GraphMoney | null {
    const price = priceIn(variant, currency ?? defaultCurrency, clock.now());
    return price && toGraphMoney(price);
  }

  // Without a look at its status: whoever has the variant may know of the product.
  @FieldResolver(() => GraphProduct)
  product(@Root() { productId }: Variant, @Ctx() { loaders }: ProductsContext): Promise<Product | null> {
    return loaders.productById.load(productId);
  }

  @Tag('partner')
  @Mutation(() => VariantsPayload, { description: 'Adds variants to a product.' })
  async variantsCreate(
    @Args(() => VariantsCreateArgs) { productId, input, errorPolicy }: VariantsCreateArgs,
    @Ctx() context: ProductsContext,
  ) {
    const drafts = input.map(({ sku, name = null, options, price }) => ({
      sku,
      name,
      options,
      price: price ? (readPrice(price) ?? ('invalid' as const)) : null,
    }));
    const { variants, problems } = await context.variantService.add(
      { productId, drafts, policy: errorPolicy },
      context,
    );
    context.loaders.clear();
    return { variants, userErrors: problems.map(lineError) };
  }

  @Tag('partner')
  @Mutation(() => VariantPayload, { description: 'Changes what is given and leaves the rest.' })
  async variantUpdate(
    @Args(() => VariantTargetArgs) { id, expectedVersion = null }: VariantTargetArgs,
    @Arg('input', () => VariantUpdateInput, { description: 'The changes.' }) input: VariantUpdateInput,
    @Ctx() context: ProductsContext,
  ) {
    const result = await context.variantService.update({ id, expectedVersion }, given(input), context);
    context.loaders.clear();
    return payloadOf('variant', result, (problem) => variantError(problem, 'id'));
  }

  @Tag('partner')
  @Mutation(() => PricePayload, {
    description: 'Sets the price of a variant in one currency, at all times or for a while.',
  })
  async priceSet(
    @Args(() => PriceSetArgs) { variantId, price, validFrom = null, validTo = null }: PriceSetArgs,
    @Ctx() context: ProductsContext,
  ) {
    const amount = readMoneyInput(price, ['price']);
    if (!isPrice(amount)) {
      const message = `amount must be from 0 to ${MAX_PRICE} minor units`;
      const fields = [{ path: ['price', 'amount'], message }];
      throw new DomainError('BAD_USER_INPUT', { fields });
    }
    if (validFrom && validTo && validTo <= validFrom) {
      const fields = [{ path: ['validTo'], message: 'validTo must be later than validFrom' }];
      throw new DomainError('BAD_USER_INPUT', { fields });
    }
    const result = await context.variantService.setPrice(variantId, { ...amount, validFrom, validTo }, context);
    context.loaders.clear();
    return payloadOf('variant', result, (problem) => variantError(problem, 'variantId'));
  }
}

function readPrice({ amount, currencyCode }: MoneyInput): Money | null {
  const price = parseMoney(amount, currencyCode);
  return price && isPrice(price) ? price : null;
}
