# One file for every service: docker build --build-arg SERVICE=orders .
# SERVICE is the folder's name: gateway, users, products, inventory or orders. VERSION is what health and logs show.

FROM node:22-slim AS pruned
ARG SERVICE
WORKDIR /repo
RUN npm install --global turbo@2.11.11
COPY . .
# Only what this service depends on, with the lockfile cut to it.
RUN turbo prune "@shopgraph/${SERVICE}" --docker

FROM node:22-slim AS built
ARG SERVICE
WORKDIR /repo
COPY --from=pruned /repo/out/json/ .
RUN npm ci
COPY --from=pruned /repo/out/full/ .
COPY tsconfig.base.json tsconfig.json turbo.json ./
RUN npx turbo run build --filter="@shopgraph/${SERVICE}..."

FROM built AS production
RUN npm prune --omit=dev

FROM node:22-slim
ARG SERVICE
ARG VERSION=development
ENV NODE_ENV=production SERVICE=${SERVICE} SERVICE_VERSION=${VERSION}
WORKDIR /repo
COPY --from=production --chown=root:root /repo .
COPY schema/supergraph.graphql schema/supergraph.graphql
COPY schema/contracts schema/contracts
COPY packages/client/persisted-queries.json packages/client/persisted-queries.json
COPY deploy/start-service.mjs deploy/check-health.mjs deploy/
USER node
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "deploy/check-health.mjs"]
CMD ["node", "--max-semi-space-size=64", "deploy/start-service.mjs"]
