import {
  type Connection,
  DEFAULT_PAGE_SIZE,
  PageArgs,
  PageSized,
  payloadOf,
  refusalFor,
  type Result,
  Tag,
} from '@shopgraph/kit';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ProductsContext } from '../context';
import { given } from '../given';
import { findProduct } from '../lookups';
import { Product as GraphProduct, ProductConnection, ProductPayload, ProductVariantConnection } from '../types';
import { productError } from '../user-errors';
import { firstVariantsKey } from '../variant/first-variants';
import type { Variant } from '../variant/variant';
import { PRODUCT_STATUSES, type Product, type ProductProblem } from './product';
import {
  ProductArgs,
  ProductCreateInput,
  type ProductOptionInput,
  ProductsArgs,
  ProductTargetArgs,
  ProductUpdateInput,
  ProductVersionArgs,
} from './product-inputs';

@Resolver(() => GraphProduct)
export class ProductResolver {
  @Query(() => GraphProduct, { nullable: true, description: 'One product, by its id or its slug.' })
  product(@Args(() => ProductArgs) key: ProductArgs, @Ctx() context: ProductsContext): Promise<Product | null> {
    return findProduct(key, context);
  }

  @PageSized()
  @Query(() => ProductConnection, { description: 'The products that the viewer knows of.' })
  async products(
    @Args(() => ProductsArgs) { filter, sort, ...page }: ProductsArgs,
    @Ctx() { loaders, products, seesUnpublished, viewer }: ProductsContext,
  ): Promise<Connection<Product>> {
    const { status = null, search = null, ids = null, slugs = null } = filter ?? {};
    if (status !== null && !seesUnpublished) throw refusalFor(viewer);
    const visible = seesUnpublished ? PRODUCT_STATUSES : (['ACTIVE'] as const);
    const statuses = status === null ? visible : [status];
    const list = await products.list({ statuses, search, ids, slugs, sort, page });
    for (const { node } of list.edges) loaders.productById.prime(node.id, node);
    return list;
  }

  @FieldResolver(() => ProductVariantConnection)
  async variants(
    @Root() { id }: Product,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, seesUnpublished, variants }: ProductsContext,
  ): Promise<Connection<Variant>> {
    const isFirstPage = page.after == null && page.last == null && page.before == null;
    const first = isFirstPage
      ? await loaders.firstVariants.load(firstVariantsKey(id, page.first ?? DEFAULT_PAGE_SIZE))
      : null;
    return first?.page ?? variants.pageOf(id, { onlyActive: !seesUnpublished }, page);
  }

  @Tag('partner')
  @Mutation(() => ProductPayload, { description: 'Adds a product, as a draft.' })
  productCreate(
    @Arg('input', () => ProductCreateInput, { description: 'The product.' })
    { name, slug = null, description, options }: ProductCreateInput,
    @Ctx() context: ProductsContext,
  ) {
    const command = { name, slug, description: description ?? '', options: trimmed(options) };
    return answer(context.productService.create(command, context), context);
  }

  @Tag('partner')
  @Mutation(() => ProductPayload, { description: 'Changes what is given and leaves the rest.' })
  productUpdate(
    @Args(() => ProductVersionArgs) target: ProductVersionArgs,
    @Arg('input', () => ProductUpdateInput, { description: 'The changes.' }) input: ProductUpdateInput,
    @Ctx() context: ProductsContext,
  ) {
    const { options, ...changes } = given(input);
    const command = { ...changes, ...(options && { options: trimmed(options) }) };
    return answer(context.productService.update(target, command, context), context);
  }

  @Tag('partner')
  @Mutation(() => ProductPayload, { description: 'Puts a product with variants on sale; again changes nothing.' })
  productPublish(
    @Args(() => ProductTargetArgs) { id, expectedVersion = null }: ProductTargetArgs,
    @Ctx() context: ProductsContext,
  ) {
    return answer(context.productService.publish({ id, expectedVersion }, context), context);
  }

  @Tag('partner')
  @Mutation(() => ProductPayload, { description: 'Takes a product off sale; again changes nothing.' })
  productArchive(
    @Args(() => ProductTargetArgs) { id, expectedVersion = null }: ProductTargetArgs,
    @Ctx() context: ProductsContext,
  ) {
    return answer(context.productService.archive({ id, expectedVersion }, context), context);
  }
}

async function answer(work: Promise<Result<Product, ProductProblem>>, { loaders }: ProductsContext) {
  const result = await work;
  loaders.clear();
  return payloadOf('product', result, productError);
}

function trimmed(options: readonly ProductOptionInput[]) {
  return options.map(({ name, values }) => ({ name, values: values.map((value) => value.trim()) }));
}
