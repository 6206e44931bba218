package config

import (
	"os"

	"github.com/go-viper/mapstructure/v2"
	"github.com/goccy/go-yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/v2"

	"github.com/usher-dev/usher/core/access"
)

// Sources is where the configuration of the process comes from. A later one
// wins: defaults, the file, the environment, flags.
type Sources struct {
	File string   // name of the file, for problems; empty: there is none
	Data []byte   // what is in it
	Env  []string // "NAME=value", as os.Environ gives it
	// Flags are settings of the command line by key ("storage.data").
	Flags map[string]any
	// ReadFile reads the files that secrets are kept in. Default os.ReadFile.
	ReadFile func(string) ([]byte, error)
}

// written is the configuration as it is written down.
type written struct {
	Tenant  string        `koanf:"tenant" yaml:"tenant"`
	Admins  []string      `koanf:"admins" yaml:"admins"`
	Chats   []writtenChat `koanf:"chats" yaml:"chats"`
	Storage struct {
		Redis       string `koanf:"redis" yaml:"redis"`
		Data        string `koanf:"data" yaml:"data"`
		AllowUnsafe bool   `koanf:"allowUnsafe" yaml:"allowUnsafe"`
	} `koanf:"storage" yaml:"storage"`
	HTTP  writtenListen `koanf:"http" yaml:"http"`
	Slack struct {
		API          string   `koanf:"api" yaml:"api"`
		ManagerField string   `koanf:"managerField" yaml:"managerField"`
		Without      []string `koanf:"without" yaml:"without"`
	} `koanf:"slack" yaml:"slack"`
	Discord struct {
		API            string   `koanf:"api" yaml:"api"`
		Gateway        string   `koanf:"gateway" yaml:"gateway"`
		Servers        []string `koanf:"servers" yaml:"servers"`
		Fallback       string   `koanf:"fallback" yaml:"fallback"`
		Threads        bool     `koanf:"threads" yaml:"threads"`
		PerServer      bool     `koanf:"perServer" yaml:"perServer"`
		Administrators bool     `koanf:"administrators" yaml:"administrators"`
		Without        []string `koanf:"without" yaml:"without"`
	} `koanf:"discord" yaml:"discord"`
	Health writtenListen `koanf:"health" yaml:"health"`
	Log    struct {
		Level string `koanf:"level" yaml:"level"`
	} `koanf:"log" yaml:"log"`
}

type writtenChat struct {
	Name     string            `koanf:"name" yaml:"name"`
	Tenant   string            `koanf:"tenant" yaml:"tenant"`
	Kind     string            `koanf:"kind" yaml:"kind"`
	Teams    []string          `koanf:"teams" yaml:"teams"`
	Fallback string            `koanf:"fallback" yaml:"fallback"`
	Secrets  map[string]string `koanf:"secrets" yaml:"secrets"`
}

type writtenListen struct {
	Addr string `koanf:"addr" yaml:"addr"`
}

func defaults() map[string]any {
	return map[string]any{"tenant": "main", "health.addr": "127.0.0.1:8081", "log.level": "info"}
}

// Load reads and checks the configuration. Errors are a Report with the line
// of the file, or the name of the variable, of each problem; none of them
// shows a secret.
//
// The file:
//
//	tenant: acme
//	admins: [slack:T012AB3CD/U045EF6GH, discord:123456789012345678]
//	chats:
//	  - name: slack
//	    kind: slack
//	    secrets: {bot: env:SLACK_BOT_TOKEN, app: file:/run/secrets/slack-app}
//	  - name: discord
//	    kind: discord
//	    teams: ["123456789012345678"]                     # its servers; fallback: a channel
//	    secrets: {bot: env:DISCORD_BOT_TOKEN}
//	storage: {redis: env:REDIS_URL, allowUnsafe: false}   # or data: /var/lib/usher
//	http: {addr: 0.0.0.0:8080}
//	slack: {managerField: Manager, without: [groups]}     # and api, the address of another Web API
//	discord: {threads: true, administrators: false}       # and api, gateway, perServer, without, servers, fallback
//	health: {addr: 127.0.0.1:8081}
//	log: {level: info}
//
// The environment: USHER_TENANT, USHER_ADMINS (divided by commas), REDIS_URL,
// USHER_DATA, USHER_ALLOW_UNSAFE, USHER_HTTP_ADDR, USHER_HEALTH_ADDR,
// USHER_LOG_LEVEL, USHER_SLACK_API_URL, USHER_SLACK_MANAGER_FIELD,
// USHER_SLACK_WITHOUT (divided by commas), USHER_DISCORD_API_URL,
// USHER_DISCORD_GATEWAY_URL, USHER_DISCORD_SERVERS and USHER_DISCORD_WITHOUT
// (divided by commas), USHER_DISCORD_FALLBACK, USHER_DISCORD_THREADS,
// USHER_DISCORD_PER_SERVER, USHER_DISCORD_ADMINISTRATORS, and for one chat of a
// kind SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET,
// DISCORD_BOT_TOKEN, DISCORD_PUBLIC_KEY. USHER_DISCORD_SERVERS and
// USHER_DISCORD_FALLBACK are of the only chat in Discord that there is.
// REDIS_URL and the tokens may have _FILE at the end of their names: the value
// is then the name of a file that holds the secret. Any other USHER_ variable
// is refused.
func Load(s Sources) (Config, error) {
	if s.ReadFile == nil {
		s.ReadFile = os.ReadFile
	}
	l := &loading{Sources: s, env: environment(s.Env), from: map[string]string{}}
	w, err := l.merge()
	if err != nil {
		return Config{}, err
	}
	c := l.config(w)
	if err := l.report.err(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// loading is one Load under way.
type loading struct {
	Sources
	env    map[string]string
	source *source           // nil without a file
	from   map[string]string // key -> variable or flag that set it
	report Report
}

func (l *loading) merge() (written, error) {
	var w written
	k := koanf.New(".")
	file, err := l.file()
	if err != nil {
		return w, err
	}
	for _, layer := range []map[string]any{defaults(), file, l.variables(), l.flags()} {
		if err := k.Load(confmap.Provider(layer, "."), nil); err != nil {
			return w, err
		}
	}
	return w, k.UnmarshalWithConf("", &w, koanf.UnmarshalConf{
		DecoderConfig: &mapstructure.DecoderConfig{Result: &w, ErrorUnused: true, WeaklyTypedInput: true, TagName: "koanf"},
	})
}

func (l *loading) file() (map[string]any, error) {
	if l.File == "" {
		return nil, nil
	}
	source, err := parse(l.File, l.Data, true)
	if err != nil {
		return nil, err
	}
	l.source = source
	if err := source.decode(&written{}); err != nil {
		return nil, err
	}
	values := map[string]any{}
	err = yaml.NodeToValue(source.file.Docs[0].Body, &values)
	return values, err
}

func (l *loading) flags() map[string]any {
	for key := range l.Flags {
		l.from[key] = "the command line"
	}
	return l.Flags
}

// refuse notes a problem with the value of a key, where it was set.
func (l *loading) refuse(key, code string, data ...any) {
	e := access.Refuse(access.Invalid, code, data...)
	if name, ok := l.from[key]; ok {
		l.report = append(l.report, Problem{Source: name, Err: e})
		return
	}
	if l.source != nil {
		l.report = append(l.report, l.source.problem(l.source.token(key), e.At(key)))
		return
	}
	l.report = append(l.report, Problem{Err: e.At(key)})
}
