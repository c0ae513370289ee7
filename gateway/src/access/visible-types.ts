import { visible } from '@shopgraph/kit';

/**
 * The types that the gateway lets everybody see who gets a value of them, and why. Where it depends on the thing
 * itself, such as whose order it is, the subgraph decides who gets one.
 */
export const visibleTypes = {
  ...visible('They say nothing beside what whoever got their parent may see.', 'GenericUserError', 'Money', 'PageInfo'),

  ...visible(
    'Users shows people to themselves and to staff, and of their roles what the viewer may know.',
    'User',
    'Role',
  ),
  ...visible('Users shows addresses and sessions of whoever is visible.', 'Address', 'Session'),
  ...visible(
    'They hold places in lists; the rows have rules.',
    'ApiKeyConnection',
    'ApiKeyEdge',
    'AuditEntryConnection',
    'AuditEntryEdge',
    'UserConnection',
    'UserEdge',
  ),
  ...visible(
    'Whoever may do it is told what became of it.',
    'AcknowledgePayload',
    'AddressPayload',
    'ApiKeyCreatedPayload',
    'ApiKeyPayload',
    'AuthPayload',
    'LoginAttemptDelayedError',
    'LogoutPayload',
    'RegisterPayload',
    'RoleDeletePayload',
    'RolePayload',
    'SessionPayload',
    'UserAnonymizePayload',
    'UserExportPayload',
    'UserPayload',
  ),

  ...visible(
    'Products finds nothing that the viewer may not see.',
    'Product',
    'ProductConnection',
    'ProductEdge',
    'ProductOption',
    'ProductVariantConnection',
    'ProductVariantEdge',
    'VariantOption',
  ),
  ...visible(
    'Whoever may do it is told what became of it.',
    'PricePayload',
    'ProductPayload',
    'VariantPayload',
    'VariantsPayload',
  ),

  ...visible('It is what everybody may know of the stock.', 'Availability'),
  ...visible(
    'They hold places in lists; the rows have rules.',
    'StockLevelConnection',
    'StockLevelEdge',
    'StockLocationConnection',
    'StockLocationEdge',
    'StockMovementConnection',
    'StockMovementEdge',
  ),
  ...visible(
    'Whoever may do it is told what became of it; what they hold of stock has rules.',
    'InventoryItemPayload',
    'LocationPayload',
    'StockPayload',
    'StockTransferPayload',
  ),

  ...visible(
    'Orders gives nobody the cart of somebody else.',
    'Cart',
    'CartLine',
    'CartPayload',
    'CartTotals',
    'CheckoutPayload',
  ),
  ...visible(
    'Orders gives nobody but staff the order of somebody else.',
    'Order',
    'OrderAddress',
    'OrderConnection',
    'OrderEdge',
    'OrderEvent',
    'OrderEventConnection',
    'OrderEventEdge',
    'OrderLine',
    'OrderPayload',
    'OrderTotals',
  ),
  ...visible('They are about what the viewer has just given.', 'InsufficientStockError', 'PriceChangedError'),
};
