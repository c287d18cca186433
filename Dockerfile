# The write server of docwitness. Any builder takes this file: it has no syntax line, no mounts and no here-documents.
#
#   docker build --tag docwitness .
#   docker run --rm --init --publish 127.0.0.1:8181:8181 --volume docwitness-data:/data docwitness

FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements/server.txt requirements/build.txt /src/requirements/
# The environment has no pip of its own; that of the base image installs into it.
RUN python -m venv --without-pip /opt/docwitness \
    && python -m pip --python /opt/docwitness/bin/python install --no-compile --require-hashes -r /src/requirements/server.txt \
    && python -m pip install --require-hashes -r /src/requirements/build.txt
COPY . /src
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels /src \
    && python -m pip --python /opt/docwitness/bin/python install --no-compile --no-deps /wheels/docwitness-*.whl \
    && /opt/docwitness/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/docwitness/lib

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin docwitness \
    && install --directory --owner docwitness --group docwitness --mode 0700 /data
ENV PATH=/opt/docwitness/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# Made at the first start. `docker exec NAME docwitness server …` finds it by this variable too.
ENV DOCWITNESS_ADMIN_TOKEN_FILE=/data/admin-token
# Many points are sorted in a temporary file before they are shown: on the volume, not in the memory that `/tmp` is.
ENV SQLITE_TMPDIR=/data
EXPOSE 8181
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=10s --retries=6 CMD ["python", "-m", "docwitness.server.health"]
ENTRYPOINT ["docwitness", "serve", "--host", "0.0.0.0", "--port", "8181"]
CMD ["--data", "/data"]
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="docwitness write server" \
      org.opencontainers.image.description="A strict, durable server for the InfluxDB v2 write API" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13-slim-trixie" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /opt/docwitness /opt/docwitness
# The base image holds no bytecode of the standard library: without that of what the server imports, each start takes twice as long.
RUN PYTHONDONTWRITEBYTECODE= python -c "import docwitness.server.cli, docwitness.server.client, docwitness.server.process, docwitness.server.health"
USER 10001:10001
