FROM node:24-slim AS build
WORKDIR /pod
COPY package.json package-lock.json ./
COPY build/stubs build/stubs
RUN npm ci
COPY tsconfig.json ./
COPY build/client.ts build/server.ts build/
COPY src src
RUN npm run build:server

FROM node:24-slim AS packages
WORKDIR /pod
COPY package.json package-lock.json ./
COPY build/stubs build/stubs
# alexa-sdk brings i18next, which takes a TypeScript compiler if there is one, for its types: a quarter of the image.
RUN npm ci --omit=dev && rm -r node_modules/typescript node_modules/@typescript

FROM node:24-slim
WORKDIR /pod
COPY package.json ./
COPY build/stubs build/stubs
COPY --from=packages /pod/node_modules node_modules
COPY --from=build /pod/build/client build/client
COPY --from=build /pod/build/server build/server
# Only /data is written, and only by SQLite: run it with --read-only, and with a volume there or a postgres:// DATABASE_URL.
# A link and no setting: a settings file with a blank DATABASE_URL must not lead the orders anywhere else.
RUN mkdir /data && chown node:node /data && ln -s /data data
VOLUME /data
USER node
EXPOSE 7100
HEALTHCHECK CMD ["node", "-e", "fetch('http://localhost:' + (process.env.PORT || 7100) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "build/server/server-start.js"]
