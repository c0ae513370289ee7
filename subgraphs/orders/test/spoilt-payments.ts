import type { PaymentProvider, PaymentRequest } from '../src/payment/payment-provider';
import { type Interception, pass } from './fake-subgraph';

/** The sandbox behind a line that tests can cut before or after it. */
export class SpoiltPayments implements PaymentProvider {
  onAuthorize: Interception = pass;
  onVoid: Interception = pass;

  constructor(private readonly provider: PaymentProvider) {}

  async authorize(request: PaymentRequest) {
    return this.onAuthorize(() => this.provider.authorize(request));
  }

  async void(key: string) {
    await this.onVoid(() => this.provider.void(key));
  }

  capture(key: string) {
    return this.provider.capture(key);
  }

  find(key: string) {
    return this.provider.find(key);
  }
}
