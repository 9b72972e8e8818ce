# Built on the user's machine by the Home Assistant Supervisor (amd64, aarch64), or with `docker build .`.
FROM node:24-trixie AS build
WORKDIR /carport
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY src src
COPY addon addon
RUN node addon/bundle.ts && node src/web/bundle.ts

FROM node:24-trixie-slim
ARG BUILD_VERSION=dev
LABEL org.opencontainers.image.title="Carport" \
      org.opencontainers.image.version="${BUILD_VERSION}" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /carport
COPY --from=build /carport/dist dist
COPY package.json LICENSE ./
# The page is reached through ingress only, unless the owner publishes the port.
ENV CARPORT_DATA=/data \
    CARPORT_HTTP_HOST=0.0.0.0 \
    NODE_ENV=production \
    MALLOC_ARENA_MAX=2
EXPOSE 8099
VOLUME /data
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/carport/dist/server/carport.mjs"]
CMD ["run"]
