package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/config"
)

func commands(out, errs io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:           "usher",
		Short:         "Access packages, asked for, decided and taken back in chat",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          oneOfThese,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.PersistentFlags().Bool("verbose", false, "say what Usher does, and what lies behind an error")
	root.SetOut(out)
	root.SetErr(errs)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; `%s --help` lists what there is", err, c.CommandPath())
	})
	root.AddCommand(demoCommand(), serveCommand(), applyCommand(), importCommand(), exportCommand(), schemaCommand(), doctorCommand(), slackCommand(), discordCommand(), versionCommand(), healthCommand())
	return root
}

// nothingMore is for commands that take flags only.
func nothingMore(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("`%s` takes nothing but flags, and %q is none; `%s --help` lists them", c.CommandPath(), args[0], c.CommandPath())
}

// oneOfThese is for commands that only others stand below.
func oneOfThese(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	c.SuggestionsMinimumDistance = 2 // letters
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("there is no command `%s %s`. Did you mean `%s %s`?", c.CommandPath(), args[0], c.CommandPath(), near[0])
	}
	return fmt.Errorf("there is no command `%s %s`; `%s --help` lists what there is", c.CommandPath(), args[0], c.CommandPath())
}

func verbose(c *cobra.Command) bool {
	on, err := c.Root().PersistentFlags().GetBool("verbose")
	return err == nil && on
}

// common fills in what every command has.
func common(c *cobra.Command) app.Common {
	return app.Common{Version: version, Out: c.OutOrStdout(), Err: c.ErrOrStderr(), Verbose: verbose(c)}
}

func demoCommand() *cobra.Command {
	var o app.DemoOptions
	c := &cobra.Command{
		Use:   "demo",
		Short: "Try Usher out: a chat in a web page, with people, packages and a clock to move",
		Args:  nothingMore,
		RunE: func(c *cobra.Command, _ []string) error {
			o.Common = common(c)
			if err := app.CheckNames(os.Environ()); err != nil {
				return err
			}
			return app.Demo(c.Context(), o)
		},
	}
	c.Flags().StringVar(&o.Addr, "addr", "127.0.0.1:8080", "where the page is; any other than a loopback address needs the token that is printed")
	c.Flags().StringVar(&o.Data, "data", "", "folder of the data (default: one of your own, which is printed)")
	c.Flags().StringVar(&o.Redis, "redis", "", "keep the data in this Redis instead, for example redis://127.0.0.1:6379/0")
	c.Flags().BoolVar(&o.AllowUnsafeRedis, "allow-unsafe-redis", false, "use a Redis that may lose data")
	c.Flags().BoolVar(&o.Fresh, "fresh", false, "throw away what an earlier demo left there")
	return c
}

// configFlags are the flags of every command that reads the configuration.
// What a flag says counts more than the environment and the file.
func configFlags(c *cobra.Command) {
	c.Flags().String("config", "", "configuration file (USHER_CONFIG)")
	c.Flags().String("redis", "", "address of Redis (REDIS_URL)")
	c.Flags().String("data", "", "folder of the embedded store, instead of Redis (USHER_DATA)")
	c.Flags().Bool("allow-unsafe-redis", false, "use a Redis that may lose data (USHER_ALLOW_UNSAFE)")
}

// configuration reads file, environment and flags.
func configuration(c *cobra.Command) (config.Config, error) {
	if c.Flags().Changed("redis") && c.Flags().Changed("data") {
		return config.Config{}, fmt.Errorf("--redis and --data are two places for the data: choose one")
	}
	s := config.Sources{Env: os.Environ(), Flags: map[string]any{}}
	c.Flags().Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "config":
			s.File = f.Value.String()
		case "redis":
			s.Flags["storage.redis"], s.Flags["storage.data"] = f.Value.String(), ""
		case "data":
			s.Flags["storage.data"], s.Flags["storage.redis"] = f.Value.String(), ""
		case "allow-unsafe-redis":
			s.Flags["storage.allowUnsafe"] = f.Value.String() == "true"
		case "without":
			s.Flags["slack.without"], _ = c.Flags().GetStringSlice(f.Name)
		case "health-addr":
			s.Flags["health.addr"] = f.Value.String()
		}
	})
	return app.LoadConfig(s)
}

// collectLess lets the heap grow to five times what is in use before garbage is
// collected, unless GOGC says otherwise. What Usher keeps is small, so with Go's
// own setting it would collect many times a second under load, and people would
// wait for that.
func collectLess(env []string) {
	if !slices.ContainsFunc(env, func(v string) bool { return strings.HasPrefix(v, "GOGC=") && v != "GOGC=" }) {
		debug.SetGCPercent(400)
	}
}

func serveCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve real access",
		Args:  nothingMore,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			collectLess(os.Environ())
			o := app.ServeOptions{Common: common(c)}
			if o.Config, err = configuration(c); err != nil {
				return err
			}
			return app.Serve(c.Context(), o)
		},
	}
	configFlags(c)
	c.Flags().String("health-addr", "127.0.0.1:8081", "where /livez, /readyz and /metrics are (USHER_HEALTH_ADDR)")
	return c
}

func doctorCommand() *cobra.Command {
	var o app.DoctorOptions
	c := &cobra.Command{
		Use:   "doctor [FILE...]",
		Short: "Look whether the configuration, the store and files of definitions are in order; change nothing",
		RunE: func(c *cobra.Command, files []string) (err error) {
			o.Common, o.Files = common(c), files
			if o.Config, err = configuration(c); err != nil {
				return err
			}
			return app.Doctor(c.Context(), o)
		},
	}
	configFlags(c)
	c.Flags().BoolVar(&o.Demo, "demo", false, "the store is one of usher demo; with neither --data nor --redis it is your own")
	return c
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  nothingMore,
		Run:   func(c *cobra.Command, _ []string) { fmt.Fprintln(c.OutOrStdout(), "usher "+version) },
	}
}

// healthCommand is what the image's health check runs: the image has no shell
// and no curl.
func healthCommand() *cobra.Command {
	c := &cobra.Command{
		Use:    "health",
		Short:  "Ask a running usher serve whether it is alive",
		Hidden: true,
		Args:   nothingMore,
		RunE: func(c *cobra.Command, _ []string) error {
			conf, err := configuration(c)
			if err != nil {
				return err
			}
			return app.CheckHealth(c.Context(), conf.Health.Addr)
		},
	}
	configFlags(c)
	return c
}
