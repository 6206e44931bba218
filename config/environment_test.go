package config

import (
	"testing"

	"github.com/usher-dev/usher/core/access"
)

func TestNamesThatNothingReads(t *testing.T) {
	t.Parallel()
	if err := CheckNames([]string{"USHER_DANCE=yes"}); !access.IsCode(err, "configEnvUnknown") {
		t.Errorf("got %v", err)
	}
	others := []string{"USHER_ADMINS=slack:T012AB3CD/U045EF6GH", "USHER_SERVICE_HOST=10.0.0.1", "USHER_PORT=tcp://10.0.0.1", "USHER_E2E_OTHER=x", "HOME=/"}
	if err := CheckNames(others); err != nil {
		t.Errorf("got %v", err)
	}
}
