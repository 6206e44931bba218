//go:build peers

package peers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// storyHeader tells the stories apart that use one WireMock at the same time.
const storyHeader = "X-Story"

// wiremock stands before the counterparts of all stories: it makes faults,
// answers routes that a counterpart lacks, and keeps a journal of all calls.
var wiremock = sync.OnceValues(func() (*mock, error) {
	jars, err := filepath.Glob(inModules("wiremock", "build", "wiremock-standalone-*.jar"))
	if err != nil || len(jars) != 1 {
		return nil, fmt.Errorf("there is not one WireMock: %v %v", jars, err)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	m := &mock{url: "http://127.0.0.1:" + port}
	m.end, err = start(exec.Command("java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", jars[0],
		"--port", port, "--bind-address", "127.0.0.1", "--disable-banner"), os.Stderr)
	if err != nil {
		return nil, err
	}
	return m, until(func() error { return callJSON(m.url+"/__admin/health", nil, nil) })
})

type mock struct {
	url string
	end func() // not called: as long as it is kept, WireMock runs
}

// route is the calls of one method in this story that have all parts in their
// body.
func (w *workspace) route(method string, parts ...string) object {
	patterns := []object{}
	for _, part := range parts {
		patterns = append(patterns, object{"contains": part})
	}
	return object{"urlPath": "/api/" + method, "headers": object{storyHeader: object{"equalTo": w.name}}, "bodyPatterns": patterns}
}

func (w *workspace) stub(mapping object) {
	w.t.Helper()
	if err := callJSON(w.mock.url+"/__admin/mappings", mapping, nil); err != nil {
		w.t.Fatal(err)
	}
}

// proxy lets everything through to the story's counterpart that nothing else
// is said about.
func (w *workspace) proxy(to string) {
	w.t.Helper()
	w.stub(object{
		"priority": 10,
		"request":  object{"urlPattern": ".*", "headers": object{storyHeader: object{"equalTo": w.name}}},
		"response": object{"proxyBaseUrl": to},
	})
}

// answers makes WireMock answer a method itself.
func (w *workspace) answers(method string, body object, matching ...string) {
	w.t.Helper()
	request := w.route(method, matching...)
	w.stub(object{"priority": 5, "request": request, "response": object{"status": 200, "jsonBody": body}})
}

// fails makes the next call of a method fail, with a response of WireMock's;
// then it works again. Calls at the same time may all fail.
func (w *workspace) fails(method string, response object) {
	w.t.Helper()
	w.stub(object{
		"priority": 1, "scenarioName": w.name + " " + method, "requiredScenarioState": "Started", "newScenarioState": "over",
		"request": w.route(method), "response": response,
	})
}

// arrived counts the calls of a method in WireMock's journal.
func (w *workspace) arrived(method string, matching ...string) int {
	w.t.Helper()
	request := w.route(method, matching...)
	var found struct{ Count int }
	if err := callJSON(w.mock.url+"/__admin/requests/count", request, &found); err != nil {
		w.t.Fatal(err)
	}
	return found.Count
}
