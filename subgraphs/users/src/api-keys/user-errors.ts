import { type ErrorCode, GenericUserError, type UserError } from '@shopgraph/kit';
import type { ApiKeyProblem } from './api-key';
import type { AuthenticationProblem } from './api-key-authentication';

/** How clients read why an API key was not made or changed. */
export function apiKeyError({ kind }: ApiKeyProblem): UserError {
  switch (kind) {
    case 'unknown-key':
      return new GenericUserError('NOT_FOUND', ['id']);
    case 'beyond-own-permissions':
      return new GenericUserError(
        'FORBIDDEN',
        ['input', 'scopes'],
        'Nobody gives a program permissions that they do not hold.',
      );
    case 'expiry-in-past':
      return new GenericUserError('BAD_USER_INPUT', ['input', 'expiresAt'], 'This point in time has passed.');
    case 'no-longer-valid':
      return new GenericUserError('INVALID_TRANSITION', ['id'], 'This API key has expired or was revoked.');
  }
}

const CODES: Readonly<Record<AuthenticationProblem['kind'], ErrorCode>> = {
  'unknown-key': 'UNAUTHENTICATED',
  'ip-not-allowed': 'IP_NOT_ALLOWED',
  'signature-required': 'SIGNATURE_REQUIRED',
  'signature-invalid': 'SIGNATURE_INVALID',
  'signature-expired': 'SIGNATURE_EXPIRED',
  'signature-replayed': 'SIGNATURE_REPLAYED',
};

/** How the gateway reads why a program was not let in. */
export function authenticationError({ kind }: AuthenticationProblem): UserError {
  return new GenericUserError(CODES[kind]);
}
