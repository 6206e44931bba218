package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rs/zerolog"
)

func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	type holder struct {
		Token Secret
		All   map[string]Secret
		Ptr   *Secret
	}
	s := Secret("hush-1")
	h := holder{s, map[string]Secret{"bot": s}, &s}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s", "%T"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", h)
		fmt.Fprintf(&out, verb+"\n", []Secret{s})
	}
	fmt.Fprintln(&out, s, h, fmt.Errorf("with %v", s))
	asJSON, err1 := json.Marshal(h)
	asYAML, err2 := yaml.Marshal(h)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	var log bytes.Buffer
	z := zerolog.New(&log)
	z.Info().Interface("a", h).Stringer("b", s).Any("c", s).Str("d", s.String()).Fields(map[string]any{"e": s, "f": h}).Send()
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "a", s, "b", h)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "a", s, "b", h)
	all := out.String() + string(asJSON) + string(asYAML) + log.String()
	for _, leak := range []string{"hush", fmt.Sprintf("%x", "hush"), fmt.Sprintf("%X", "hush"), "104 117 115 104"} {
		if strings.Contains(all, leak) {
			t.Errorf("%q is in\n%s", leak, all)
		}
	}
	if !strings.Contains(log.String(), `"b":"***"`) || string(asJSON) != `{"Token":"***","All":{"bot":"***"},"Ptr":"***"}` {
		t.Errorf("got %s and %s", asJSON, log.String())
	}
	if s.Reveal() != "hush-1" || Secret("").String() != "" {
		t.Error("a secret cannot be used, or none looks like one")
	}
}
