// Package redis keeps a store in Redis 7: one server, Sentinel or Cluster. See
// README.md for the layout and for the designs that were turned down.
package redis
