// Usher hands out access packages inside chat. `usher demo` is the place to
// begin; README.md says more.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/usher-dev/usher/bot/app"
)

// version is set by the linker.
var version = "dev"

func main() {
	app.SilenceRedis()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run carries out one command and returns the exit code. The first SIGTERM or
// SIGINT asks for a graceful stop; the second ends the process at once.
func run(args []string, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop) // from then on a signal does what it always does

	root := commands(out, errs)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintln(errs, "usher: "+err.Error())
	if t := (*app.Trouble)(nil); errors.As(err, &t) && t.Err != nil && verbose(root) {
		fmt.Fprintln(errs, "usher: behind it: "+t.Err.Error())
	}
	return 1
}
