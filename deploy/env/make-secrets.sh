#!/bin/sh
# Writes deploy/env/secrets.env with fresh secrets; never overwrites one.
set -eu
cd "$(dirname "$0")"
[ ! -e secrets.env ] || { echo "secrets.env is there already" >&2; exit 1; }
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
rabbit=$(random)
redis=$(random)
umask 077
cat > secrets.env <<END
SIGNING_KEYS=k1:$(random)
KEY_ENCRYPTION_SECRET=$(random)
RABBITMQ_DEFAULT_USER=shopgraph
RABBITMQ_DEFAULT_PASS=$rabbit
RABBITMQ_URL=amqp://shopgraph:$rabbit@rabbitmq:5672
REDIS_PASSWORD=$redis
REDIS_URL=redis://:$redis@redis:6379
CACHE_REDIS_URL=redis://:$redis@cache:6379
END
echo "deploy/env/secrets.env written"
