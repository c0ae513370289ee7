import { payloadOf } from '@shopgraph/kit';
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import type { UsersContext } from '../context';
import {
  ApiKeyAuthenticateInput,
  ApiKeyAuthenticationPayload,
  ApiKeyVerifySignatureInput,
} from './authentication-types';
import { authenticationError } from './user-errors';

/** What the gateway asks for itself: no part of the graph that clients see. */
@Resolver()
export class ApiKeyAuthenticationResolver {
  @Directive('@inaccessible')
  @Mutation(() => ApiKeyAuthenticationPayload, { description: 'Tells whose secret this is. For services only.' })
  async apiKeyAuthenticate(
    @Arg('input', () => ApiKeyAuthenticateInput, { description: 'What came with the request.' })
    { secretHash, ...use }: ApiKeyAuthenticateInput,
    @Ctx() { apiKeyAuthentication }: UsersContext,
  ) {
    return payloadOf('identity', await apiKeyAuthentication.bySecret(secretHash, use), authenticationError);
  }

  @Directive('@inaccessible')
  @Mutation(() => ApiKeyAuthenticationPayload, {
    description:
      'Tells who has signed a request, and takes it for sent: it is refused a second time. For services only.',
  })
  async apiKeyVerifySignature(
    @Arg('input', () => ApiKeyVerifySignatureInput, { description: 'The request as it came.' })
    { keyId, ip, ...request }: ApiKeyVerifySignatureInput,
    @Ctx() { apiKeyAuthentication }: UsersContext,
  ) {
    const result = await apiKeyAuthentication.bySignature(request, { keyId, ip });
    return payloadOf('identity', result, authenticationError);
  }
}
