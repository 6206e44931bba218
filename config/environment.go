package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/usher-dev/usher/core/access"
)

// variable is a setting that the environment can make.
type variable struct{ name, key string }

func variables() []variable {
	return []variable{
		{"USHER_TENANT", "tenant"},
		{"USHER_ADMINS", "admins"},
		{"USHER_DATA", "storage.data"},
		{"USHER_ALLOW_UNSAFE", "storage.allowUnsafe"},
		{"USHER_HTTP_ADDR", "http.addr"},
		{"USHER_HEALTH_ADDR", "health.addr"},
		{"USHER_LOG_LEVEL", "log.level"},
		{"USHER_SLACK_API_URL", "slack.api"},
		{"USHER_SLACK_MANAGER_FIELD", "slack.managerField"},
		{"USHER_SLACK_WITHOUT", "slack.without"},
		{"USHER_DISCORD_API_URL", "discord.api"},
		{"USHER_DISCORD_GATEWAY_URL", "discord.gateway"},
		{"USHER_DISCORD_SERVERS", "discord.servers"},
		{"USHER_DISCORD_FALLBACK", "discord.fallback"},
		{"USHER_DISCORD_THREADS", "discord.threads"},
		{"USHER_DISCORD_PER_SERVER", "discord.perServer"},
		{"USHER_DISCORD_ADMINISTRATORS", "discord.administrators"},
		{"USHER_DISCORD_WITHOUT", "discord.without"},
		{"REDIS_URL", "storage.redis"},
	}
}

// variableConfig names the configuration file; the command line reads it.
const variableConfig = "USHER_CONFIG"

func environment(env []string) map[string]string {
	values := map[string]string{}
	for _, line := range env {
		name, value, ok := strings.Cut(line, "=")
		if ok && value != "" { // an empty variable counts as unset, as in compose files
			values[name] = value
		}
	}
	return values
}

// variables reads what the environment sets.
func (l *loading) variables() map[string]any {
	l.refuseUnknown()
	set := map[string]any{}
	for _, v := range variables() {
		value, ok := l.env[v.name]
		if v.key == "storage.redis" {
			value, ok = l.secretVariable(v.name)
		}
		if !ok {
			continue
		}
		l.from[v.key] = v.name
		switch v.key {
		case "admins", "slack.without", "discord.without", "discord.servers":
			set[v.key] = splitList(value)
		case "storage.allowUnsafe", "discord.threads", "discord.perServer", "discord.administrators":
			on, err := strconv.ParseBool(value)
			if err != nil {
				l.refuse(v.key, "configBool", "value", value)
			}
			set[v.key] = on
		default:
			set[v.key] = value
		}
	}
	return set
}

func splitList(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
}

// CheckNames finds USHER_ variables that nothing reads, for commands that take
// no configuration: env is as os.Environ gives it, the error a Report.
func CheckNames(env []string) error {
	l := &loading{env: environment(env), from: map[string]string{}}
	l.refuseUnknown()
	return l.report.err()
}

// refuseUnknown finds slips of the pen. USHER_SERVICE_… and USHER_PORT… are
// what Kubernetes sets in every pod beside a service called "usher", USHER_E2E_…
// what the tests of the whole program set for themselves.
func (l *loading) refuseUnknown() {
	known := []string{variableConfig}
	for _, v := range variables() {
		known = append(known, v.name)
	}
	for _, name := range sortedKeys(l.env) {
		ours := strings.HasPrefix(name, "USHER_") && !strings.HasPrefix(name, "USHER_SERVICE_") && !strings.HasPrefix(name, "USHER_E2E_") &&
			name != "USHER_PORT" && !strings.HasPrefix(name, "USHER_PORT_")
		if ours && !slices.Contains(known, name) {
			l.report = append(l.report, Problem{Source: "environment", Err: access.Refuse(access.Invalid,
				"configEnvUnknown", "name", name, "want", strings.Join(known, ", "))})
		}
	}
}

// secretVariable reads NAME, or the file that NAME_FILE names.
func (l *loading) secretVariable(name string) (string, bool) {
	value, plain := l.env[name]
	file, inFile := l.env[name+"_FILE"]
	switch {
	case plain && inFile:
		l.report = append(l.report, Problem{Source: "environment", Err: access.Refuse(access.Invalid, "configEnvTwice", "name", name)})
		return "", false
	case inFile:
		return l.secretFile(Problem{Source: "environment"}, name+"_FILE", file)
	}
	return value, plain
}

// secretFile reads a secret; line breaks at its end do not count. where is the
// problem that is told if it cannot be read.
func (l *loading) secretFile(where Problem, name, file string) (string, bool) {
	data, err := l.ReadFile(file)
	value := strings.TrimRight(string(data), "\r\n")
	code := ""
	switch {
	case err != nil:
		code = "configSecretFile"
	case value == "":
		code = "configSecretEmpty"
	default:
		return value, true
	}
	where.Err = access.Refuse(access.Invalid, code, "name", name)
	l.report = append(l.report, where)
	return "", false
}
