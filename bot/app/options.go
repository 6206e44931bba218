package app

import (
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/desk"
	"github.com/usher-dev/usher/config"
	"github.com/usher-dev/usher/core/runtime"
)

// Common is what every command gets.
type Common struct {
	Version string
	Out     io.Writer // for people: progress and results
	Err     io.Writer // the log
	Verbose bool
	// Texts are what people read; nil: they are loaded. Several runs may share
	// them.
	Texts *desk.Texts
	// DirectoryWait is how long a chat may take to name a person before people
	// are asked to try again; 0: one second.
	DirectoryWait time.Duration
}

// words are what people read.
func (c Common) words() (*desk.Texts, error) {
	if c.Texts != nil {
		return c.Texts, nil
	}
	return desk.LoadTexts()
}

// StoreOptions say which store to use: exactly one of Redis and Data.
type StoreOptions struct {
	Redis            string // a redis:// URL, or several addresses for a cluster
	Data             string // a folder
	AllowUnsafeRedis bool
}

// DemoOptions are those of Demo.
type DemoOptions struct {
	Common
	StoreOptions
	Addr  string
	Fresh bool
	// Clock is what the page's clock is put forward from: nil for the real time.
	Clock runtime.Clock
}

// ServeOptions are those of Serve.
type ServeOptions struct {
	Common
	Config config.Config
	// Clock is the time that counts: nil for the real one.
	Clock runtime.Clock
}

// ApplyOptions are those of Apply. With Demo the store is one of a demo.
type ApplyOptions struct {
	Common
	Config config.Config
	Files  []string // and folders
	Demo   bool
	// DryRun shows the plan and changes nothing.
	DryRun bool
	// Yes applies without asking.
	Yes bool
	// Prune deletes what files manage and none of Files has; WhenFree also what
	// somebody holds, as soon as nobody does.
	Prune, WhenFree bool
	// In is where the answer comes from, if it is a Terminal.
	In       io.Reader
	Terminal bool
}

// ExportOptions are those of Export. With Demo the store is one of a demo.
type ExportOptions struct {
	Common
	Config config.Config
	Dir    string // empty: to Out
	Demo   bool
}

// DoctorOptions are those of Doctor. With Demo the store is one of a demo.
type DoctorOptions struct {
	Common
	Config config.Config
	Files  []string
	Demo   bool
}

// storeOptions are the store that a configuration names.
func storeOptions(c config.Config) StoreOptions {
	return StoreOptions{Redis: c.Storage.Redis.Reveal(), Data: c.Storage.Data, AllowUnsafeRedis: c.Storage.AllowUnsafe}
}

// where names the store for people, without its password.
func (o StoreOptions) where() string {
	if o.Redis != "" {
		return "Redis at " + address(o.Redis)
	}
	return o.Data
}

// address is the host of a Redis URL: what may be shown of it.
func address(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host+u.Path == "" {
		return "the given address"
	}
	if u.Host == "" {
		return u.Path
	}
	return u.Host
}

// demoLog writes lines for people.
func (c Common) demoLog() zerolog.Logger {
	level := zerolog.WarnLevel
	if c.Verbose {
		level = zerolog.DebugLevel
	}
	return zerolog.New(zerolog.ConsoleWriter{Out: c.Err, TimeFormat: time.TimeOnly}).Level(level).With().Timestamp().Logger()
}

// serveLog writes JSON at the level of the configuration.
func (c Common) serveLog(name string) zerolog.Logger {
	level, err := zerolog.ParseLevel(name)
	if err != nil || c.Verbose {
		level = zerolog.DebugLevel
	}
	return zerolog.New(c.Err).Level(level).With().Timestamp().Logger()
}

// demoData is where a demo keeps its data when nobody says where.
func demoData() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "usher", "demo"), nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", trouble(err, "Usher cannot find a folder of yours to keep its data in: name one with --data DIR.")
	}
	return filepath.Join(dir, "usher", "demo"), nil
}
