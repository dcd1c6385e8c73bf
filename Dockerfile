# The sandbox as an image. docker and podman both find a file of this name.
#
#   docker build -t invoice-sandbox .
#   docker run --rm -p 127.0.0.1:8085:8085 -v invoice-sandbox:/data invoice-sandbox
#
# Publish the port on loopback only: whoever reaches the sandbox can change its state.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /out/invoice-sandbox ./cmd/invoice-sandbox && \
	mkdir /out/data

# Nothing else is needed: time zones are in the program, and what is sorted is sorted in memory.
# There are no certificates of authorities, so a shop with https is not told of payments, unless
# a file of those to trust is mounted and SSL_CERT_FILE names it.
FROM scratch
COPY --from=build /src/LICENSE /LICENSE
COPY --from=build /out/invoice-sandbox /invoice-sandbox
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
VOLUME /data
EXPOSE 8085
HEALTHCHECK --interval=10s --timeout=6s --start-period=5s CMD ["/invoice-sandbox", "-check", "http://127.0.0.1:8085"]
# Further flags are added to these. With -tls, give the health check an address with https and -db.
ENTRYPOINT ["/invoice-sandbox", "-addr", "0.0.0.0:8085", "-allow-remote", "-db", "/data/invoice-sandbox.db"]
