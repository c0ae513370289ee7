import { DomainError } from '@shopgraph/kit';
import { Arg, Ctx, ID, Resolver, Subscription } from 'type-graphql';
import type { ProductsContext } from '../context';
import { findProduct } from '../lookups';
import { Product as GraphProduct } from '../types';
import type { Product } from './product';
import { productChannel } from './product-changes';

@Resolver()
export class ProductChangeResolver {
  @Subscription(() => GraphProduct, {
    description: 'A product whenever it, one of its variants or a price has changed; at most once for each change.',
    subscribe: async ({ args, context }: { args: { id: string }; context: ProductsContext }) => {
      await knownProduct(args.id, context);
      return context.live.listen(productChannel(args.id));
    },
  })
  productUpdated(
    @Arg('id', () => ID, { description: 'Of the product.' }) id: string,
    @Ctx() context: ProductsContext,
  ): Promise<Product> {
    return knownProduct(id, context);
  }
}

/** @throws DomainError NOT_FOUND for what the viewer does not know of. */
async function knownProduct(id: string, context: ProductsContext): Promise<Product> {
  const product = await findProduct({ id }, context);
  if (!product) throw new DomainError('NOT_FOUND');
  return product;
}
