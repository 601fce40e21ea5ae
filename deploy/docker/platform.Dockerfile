# Every image of the platform. SERVICE is a folder of services/, or cli:
#
#   docker build --file deploy/docker/platform.Dockerfile --build-arg SERVICE=router --target service .
#
# The target env-manager adds the sample model server, which the process driver starts.
ARG DOTNET_VERSION=10.0

# Publishes everything once: all images share this stage, and the build cache keeps it.
FROM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION} AS build
WORKDIR /src
COPY . .
RUN for project in services/*/*.csproj cli/*.csproj samples/model-server/*.csproj; do \
        name="$(basename "$(dirname "$project")")" \
        && dotnet publish "$project" --configuration Release --output "/out/$name" -nologo --verbosity quiet \
        && program="$(dotnet msbuild "$project" -getProperty:AssemblyName -nologo)" \
        && ln -s "$program" "/out/$name/start" \
        && test -x "/out/$name/start" || exit 1; \
    done

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION} AS service
ARG SERVICE
COPY deploy/docker/ready /usr/local/bin/ready
COPY --from=build /out/${SERVICE} /app
RUN mkdir /data /models && chown "$APP_UID" /data /models
WORKDIR /app
ENV ASPNETCORE_URLS=http://+:8081 BlueGreen__DataDirectory=/data
USER $APP_UID
VOLUME /data
EXPOSE 8081
ENTRYPOINT ["/app/start"]

FROM service AS env-manager
COPY --from=build /out/model-server /opt/model-server
