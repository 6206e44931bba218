package app

import (
	"os"
	"strings"

	"github.com/usher-dev/usher/config"
)

// LoadConfig reads the configuration: the file that is named by the flag or by
// USHER_CONFIG, the environment and flags. Errors are for people.
func LoadConfig(s config.Sources) (config.Config, error) {
	if s.File == "" {
		for _, line := range s.Env {
			if name, ok := strings.CutPrefix(line, "USHER_CONFIG="); ok {
				s.File = name
			}
		}
	}
	if s.File != "" {
		data, err := os.ReadFile(s.File)
		if err != nil {
			return config.Config{}, trouble(err, "The configuration file %s cannot be read: %s.", s.File, plain(err))
		}
		s.Data = data
	}
	c, err := config.Load(s)
	if err != nil {
		return config.Config{}, trouble(err, "%s", inSentence(err))
	}
	return c, nil
}

// CheckNames refuses USHER_ variables that do not exist, for commands that read
// no configuration.
func CheckNames(env []string) error {
	if err := config.CheckNames(env); err != nil {
		return trouble(err, "%s", inSentence(err))
	}
	return nil
}
