import type { Money } from '@shopgraph/kit';

export const DECLINE_REASONS = [
  'DECLINED',
  'INSUFFICIENT_FUNDS',
  'ACTION_REQUIRED',
  'UNKNOWN_TOKEN',
  'CANCELLED',
] as const;
/** Why a provider does not pay; CANCELLED when the payment was voided before it was asked for. */
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export const PROVIDER_STATUSES = ['AUTHORIZED', 'DECLINED', 'CAPTURED', 'VOIDED'] as const;
export type ProviderStatus = (typeof PROVIDER_STATUSES)[number];

/** A payment as the provider knows it. */
export interface ProviderPayment {
  readonly id: string;
  /** The key that it was asked for with. */
  readonly key: string;
  readonly status: ProviderStatus;
  readonly declineReason: DeclineReason | null;
}

/** What to authorise. */
export interface PaymentRequest {
  /** Names the intention: the same key is one payment, however often it is asked for. */
  readonly key: string;
  readonly amount: Money;
  /** Stands for the means of payment; made by the provider's own form, so that no card number comes here. */
  readonly token: string;
}

/**
 * Who moves the money. Every call can be repeated: the provider tells repetitions by their key.
 * Any of them may reject, also after it has had its effect; `find` then tells what became of it.
 */
export interface PaymentProvider {
  /** Puts an amount aside for us, or says why not (`declineReason`). */
  authorize(request: PaymentRequest): Promise<ProviderPayment>;
  /** Takes what was put aside. @throws Error when there is nothing to take. */
  capture(key: string): Promise<ProviderPayment>;
  /** Lets go of what was put aside: after it nothing is held under this key, nor ever will be. @throws Error once captured. */
  void(key: string): Promise<void>;
  /** The payment of this key, or null when the provider has never heard of it. */
  find(key: string): Promise<ProviderPayment | null>;
}
