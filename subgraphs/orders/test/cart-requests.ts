import type { Viewer } from '@shopgraph/kit';
import { CART_QUERY, type CartAnswer, type CartPayloadAnswer } from './shopping';
import type { Orders } from './start-orders';

/** Ids of what there is not. */
export const NO_CART = 'cart_01h455vb4pex5vsknk084sn02q';
export const NO_LINE = 'line_01h455vb4pex5vsknk084sn02q';

/** Sends a mutation of a cart; its payload, whatever the mutation is called. */
export async function changeCart({ send }: Pick<Orders, 'send'>, viewer: Viewer, mutation: string, variables: object) {
  const { data, errors } = await send<Record<string, CartPayloadAnswer> | null>(viewer, mutation, variables);
  const [payload] = Object.values(data ?? {});
  if (!payload) throw new Error(JSON.stringify(errors));
  return payload;
}

/** The cart as this viewer sees it. */
export async function readCart({ send }: Pick<Orders, 'send'>, viewer: Viewer, variables: object) {
  return (await send<{ cart: CartAnswer | null }>(viewer, CART_QUERY, variables)).data.cart;
}
