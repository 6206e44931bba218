package slackfake_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Every fake ends with its test: no connection and nothing in the background
// is left.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
