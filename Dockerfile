# The service as an image: docker build -t thuocdo .
#
# Without DATABASE_URL the container unpacks and runs a private Postgres of its own (it needs the network for
# that, once); with it, the container holds nothing but the program.

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
COPY . .
# Both caches stay on the building machine, so the program is copied out in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --profile dist --bin thuocdo \
    && install -D target/dist/thuocdo /out/thuocdo

FROM debian:12.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/thuocdo --shell /usr/sbin/nologin thuocdo \
    && install -d -o thuocdo -g thuocdo -m 0700 /var/lib/thuocdo
COPY --from=build /out/thuocdo /usr/local/bin/thuocdo
USER thuocdo
WORKDIR /var/lib/thuocdo
ENV THUOCDO_LISTEN=0.0.0.0:8080 \
    THUOCDO_DATA_DIR=/var/lib/thuocdo \
    THUOCDO_LOG_FORMAT=json
VOLUME /var/lib/thuocdo
EXPOSE 8080
# A first start may make a database before it answers.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["thuocdo", "doctor", "--health", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["thuocdo"]
CMD ["serve"]
