package secret_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat/secret"
)

func TestASecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	s := secret.Text("xyzzy")
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("said", "token", s)
	encoded, err := json.Marshal(map[string]any{"s": s})
	if err != nil {
		t.Fatal(err)
	}
	said := fmt.Sprintf("%s %v %x %q %#v %+v", s, s, s, s, s, struct{ S secret.Text }{s})
	for _, got := range []string{said, logged.String(), string(encoded), secret.Hide("it was xyzzy", s, "")} {
		if strings.Contains(got, "xyzzy") || strings.Contains(got, "78797a7a79") || !strings.Contains(got, "***") {
			t.Errorf("said %q", got)
		}
	}
	if secret.Text("").String() != "" {
		t.Error("no secret looks like one")
	}
}
