# One static binary in an empty image, run by nobody in particular.
FROM golang:1.26 AS build
ARG VERSION=dev
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags "-s -w -X main.version=${VERSION}" -o /out/usher ./bot \
 && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/usher /usher
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
# /livez, /readyz and /metrics.
EXPOSE 8081
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s CMD ["/usher", "health"]
ENTRYPOINT ["/usher"]
CMD ["serve"]
