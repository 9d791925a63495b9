# The console as one image: built with the pinned package manager, run without it, as a user without rights.
#   docker build -t quarterdeck .

FROM node:24-bookworm-slim AS build
WORKDIR /build
ENV CI=true
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/server/package.json apps/server/
COPY apps/web/package.json apps/web/
COPY packages/shared/package.json packages/shared/
COPY e2e/package.json e2e/
COPY bench/package.json bench/
RUN npx --yes "$(node -p "require('./package.json').packageManager")" install --frozen-lockfile \
      --filter quarterdeck --filter @qd/server --filter @qd/web --filter @qd/shared
COPY tsconfig.base.json tsconfig.json ./
COPY packages packages
COPY apps apps
RUN cd apps/web && node_modules/.bin/vite build
RUN cd apps/server && node_modules/.bin/vite build
# Only what the bundle leaves outside: its packages that carry files of their own.
RUN npx --yes "$(node -p "require('./package.json').packageManager")" --filter @qd/server deploy --legacy --prod /deployed \
 && rm -rf /deployed/src /deployed/test


FROM node:24-bookworm-slim
# pg_dump must be as new as the server it dumps, and Debian 12 stops at 15: the client comes from the Postgres project.
ARG POSTGRES_MAJOR=18
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates postgresql-common \
 && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
 && apt-get install -y --no-install-recommends "postgresql-client-${POSTGRES_MAJOR}" \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /quarterdeck
COPY --from=build /deployed apps/server
COPY --from=build /build/apps/server/dist apps/server/dist
COPY --from=build /build/apps/web/dist apps/web/dist
COPY package.json LICENSE ./
RUN printf '#!/bin/sh\nexec node /quarterdeck/apps/server/dist/qd.js "$@"\n' > /usr/local/bin/qd \
 && chmod 755 /usr/local/bin/qd \
 && install -d -o node -g node -m 700 /data

ENV NODE_ENV=production HOST=0.0.0.0 PORT=5080 QD_DATA_DIR=/data MALLOC_ARENA_MAX=2
USER node
VOLUME /data
EXPOSE 5080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`, { signal: AbortSignal.timeout(2500) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/server/dist/main.js"]
