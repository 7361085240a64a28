# syntax=docker/dockerfile:1
# Two images from one build: `--target host` is the server for one machine (the default), `--target silo` a silo of a cluster.
# The silo needs a package feed that serves all of Microsoft.Orleans while this image is built.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# The board is built by the project's own build, with Node.js and npm.
COPY --from=node:20-bookworm-slim /usr/local /usr/local
WORKDIR /source
COPY . .

FROM build AS publish-host
RUN dotnet publish src/CapacityMesh.Host -c Release -o /app

FROM build AS publish-silo
RUN dotnet publish src/CapacityMesh.Silo -c Release -p:Cluster=true -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
# curl answers the health checks; /data is the journal's and belongs to the user that the base image brings along.
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/* \
  && mkdir /data && chown "$APP_UID" /data
WORKDIR /app
USER $APP_UID

FROM runtime AS silo
COPY --from=publish-silo /app .
ENV CAPACITYMESH_URLS=http://0.0.0.0:5080 CAPACITYMESH_BEHIND_PROXY=true
EXPOSE 5080 11111
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["curl", "-fsS", "http://127.0.0.1:5080/healthz"]
ENTRYPOINT ["dotnet", "CapacityMesh.Silo.dll"]

FROM runtime AS host
COPY --from=publish-host /app .
EXPOSE 5080
VOLUME /data
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["curl", "-fsS", "http://127.0.0.1:5080/healthz"]
# Beyond loopback only behind a proxy that ends TLS; the server refuses otherwise.
ENTRYPOINT ["dotnet", "CapacityMesh.Host.dll", "serve", "--urls", "http://0.0.0.0:5080", "--data", "/data", "--behind-proxy"]
