import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet, { type HelmetOptions } from 'helmet';

const APOLLO_PAGES = [
  'https://apollo-server-landing-page.cdn.apollographql.com',
  'https://embeddable-sandbox.cdn.apollographql.com',
  'https://embeddable-explorer.cdn.apollographql.com',
];

const EXPLORER_FRAMES = ['https://sandbox.embed.apollographql.com', 'https://explorer.embed.apollographql.com'];

/**
 * The headers that protect browsers, the same for every answer. Answers are data, so that a browser may load nothing
 * for their sake; where the explorer is shown it may load that, whose page narrows scripts and styles further by a
 * nonce.
 */
export function securityHeaders({ showsExplorer }: { readonly showsExplorer: boolean }): OutgoingHttpHeaders {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(helmetOptions(showsExplorer))(response.req, response, () => undefined);
  return response.getHeaders();
}

function helmetOptions(showsExplorer: boolean): HelmetOptions {
  if (!showsExplorer) {
    return {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
      },
    };
  }
  return {
    // Developers' machines have no certificates.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        frameAncestors: ["'self'"],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'", "'unsafe-inline'", ...APOLLO_PAGES],
        styleSrc: ["'self'", "'unsafe-inline'", 'https://fonts.googleapis.com', ...APOLLO_PAGES],
        fontSrc: ["'self'", 'https://fonts.gstatic.com'],
        imgSrc: ["'self'", 'data:', ...APOLLO_PAGES],
        manifestSrc: ["'self'", ...APOLLO_PAGES],
        frameSrc: EXPLORER_FRAMES,
        connectSrc: ["'self'", ...EXPLORER_FRAMES, ...APOLLO_PAGES],
      },
    },
  };
}
