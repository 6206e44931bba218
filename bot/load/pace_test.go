package load

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// job is one interaction.
type job struct {
	what string // its row in the table
	// request makes the delivery, signed at this moment.
	request func(base string) (*http.Request, error)
	// right checks usher's answer.
	right func(status int, body []byte) error
}

// answered is what became of one job.
type answered struct {
	what  string
	took  time.Duration // from when it was due to be sent
	late  time.Duration // of the sender
	wrong error
}

// send sends jobs at a constant rate, and waits for all answers. With check,
// answers are looked at; else they only have to be 200.
func send(base string, jobs []job, rate int, check bool) []answered {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 2000}}
	defer client.CloseIdleConnections()
	out := make([]answered, len(jobs))
	var wg sync.WaitGroup
	begin := time.Now().Add(100 * time.Millisecond)
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	for i, j := range jobs {
		due := begin.Add(time.Duration(i) * time.Second / time.Duration(rate))
		timer.Reset(time.Until(due))
		<-timer.C
		wg.Go(func() {
			late := time.Since(due)
			status, body, err := do(client, j, base)
			took := time.Since(due)
			switch {
			case err == nil && status != http.StatusOK:
				err = fmt.Errorf("status %d", status)
			case err == nil && check:
				err = j.right(status, body)
			}
			out[i] = answered{j.what, took, late, err}
		})
	}
	wg.Wait()
	return out
}

func do(client *http.Client, j job, base string) (status int, body []byte, err error) {
	req, err := j.request(base)
	if err != nil {
		return 0, nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

// report prints the table and gives the benchmark its figures.
func report(b *testing.B, bare, own []answered) {
	b.Helper()
	fmt.Printf("%-34s %7s %8s %8s %8s %8s %7s\n", "milliseconds", "count", "p50", "p90", "p99", "max", "wrong")
	row("bare handler", bare)
	row("usher", own)
	byWhat := map[string][]answered{}
	for _, a := range own {
		byWhat[a.what] = append(byWhat[a.what], a)
	}
	for _, what := range slices.Sorted(maps.Keys(byWhat)) {
		row("  "+what, byWhat[what])
	}
	x, y := quantile(bare, 99), quantile(own, 99)
	fmt.Printf("p99 is %.2f times the bare handler's; the sender itself was late by %.2f ms (p99)\n", y/x, quantileOf(own, 99, func(a answered) time.Duration { return a.late }))
	b.ReportMetric(x, "bare-p99-ms")
	b.ReportMetric(y, "p99-ms")
	b.ReportMetric(y/x, "ratio")
	b.ReportMetric(0, "ns/op")
	complain(b, append(bare, own...))
}

func row(what string, list []answered) {
	wrong := 0
	for _, a := range list {
		if a.wrong != nil {
			wrong++
		}
	}
	fmt.Printf("%-34s %7d %8.2f %8.2f %8.2f %8.2f %7d\n", what, len(list), quantile(list, 50), quantile(list, 90), quantile(list, 99), quantile(list, 100), wrong)
}

// quantile is a percentile of what people waited, in milliseconds.
func quantile(list []answered, percent int) float64 {
	return quantileOf(list, percent, func(a answered) time.Duration { return a.took })
}

func quantileOf(list []answered, percent int, of func(answered) time.Duration) float64 {
	sorted := make([]time.Duration, len(list))
	for i, a := range list {
		sorted[i] = of(a)
	}
	slices.Sort(sorted)
	at := max((len(sorted)*percent+99)/100-1, 0)
	return float64(sorted[at].Microseconds()) / 1000
}

// complain fails the benchmark when answers were wrong, with one example of
// each kind.
func complain(b *testing.B, list []answered) {
	b.Helper()
	told := map[string]bool{}
	for _, a := range list {
		if a.wrong != nil && !told[a.what] {
			told[a.what] = true
			b.Errorf("%s: %v", a.what, a.wrong)
		}
	}
}
