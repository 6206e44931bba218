package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/usher-dev/usher/storage/storetest/redistest"
)

// Whatever goes wrong with Redis is said in the log's form, by the log: the
// client library writes nothing past it.
func TestARedisThatIsGoneIsLoggedInOneForm(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	p := launch(t, onRedis(place(t), server.URL()))
	server.Kill()
	for range 20 { // more than the connections that are still thought to be open
		if err := p.try(http.MethodGet, "/api/people", nil, nil); err == nil {
			t.Fatal("it answers without its store")
		}
	}
	_ = p.terminate() // its errors are of no interest here: the store is gone
	lineOfLog := regexp.MustCompile(`^\S*\d\d:\d\d:\d\d\S* \S*(WRN|ERR)`)
	for line := range strings.Lines(p.errs.String()) {
		if !lineOfLog.MatchString(line) && !strings.HasPrefix(line, "usher: ") {
			t.Errorf("that is not of the log: %s", line)
		}
	}
	if p.errs.Len() == 0 {
		t.Error("the log says nothing at all")
	}
}
