package app

import (
	"context"

	goredis "github.com/redis/go-redis/v9"
)

// SilenceRedis keeps go-redis from writing to the standard error, past the log
// and in another form. Nothing is lost by it: what it would say is why a call
// fails, and the call returns that as well. It is for the whole process, since
// go-redis has one logger for all its clients; main calls it first.
func SilenceRedis() { goredis.SetLogger(silence{}) }

type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}
