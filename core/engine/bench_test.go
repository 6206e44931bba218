package engine_test

import (
	"testing"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
)

// BenchmarkStep is one approver's decision on a ledger with three requests.
func BenchmarkStep(b *testing.B) {
	p := busy()
	c := engine.Decide{Meta: p.meta(cast("ben")), Request: 3, Verdict: access.Approve, Face: 100}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := engine.Step(p.l, c, p.w); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDue(b *testing.B) {
	p := busy()
	b.ReportAllocs()
	for b.Loop() {
		engine.Due(p.l, p.w, p.now)
	}
}

func BenchmarkEncodeDecode(b *testing.B) {
	p := busy()
	data, err := engine.Encode(p.l)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(data)), "bytes/ledger")
	b.ReportAllocs()
	for b.Loop() {
		l, err := engine.Decode(data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := engine.Encode(l); err != nil {
			b.Fatal(err)
		}
	}
}
