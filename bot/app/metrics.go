package app

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/runtime"
)

// metrics counts what passes through the ports of the runtime. The runtime
// itself knows nothing of it: each port is wrapped where everything is wired.
type metrics struct {
	registry   *prometheus.Registry
	store      *prometheus.HistogramVec
	cards      *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	intents    *prometheus.HistogramVec
}

func newMetrics(version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		store: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "usher_store_seconds", Help: "Time of a call to the store, by call and result (ok, conflict, duplicate, error).",
			Buckets: []float64{.0002, .0005, .001, .002, .005, .01, .025, .05, .1, .25, 1, 5},
		}, []string{"call", "result"}),
		cards: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "usher_cards_total", Help: "Cards posted and redrawn, by result (ok, gone, or the code of the failure).",
		}, []string{"call", "result"}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "usher_deliveries_total", Help: "Calls to connectors, by connector and result (ok, or the code of the failure).",
		}, []string{"connector", "call", "result"}),
		intents: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "usher_intent_seconds", Help: "Time to answer what a person did, by kind of intent.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		}, []string{"intent"}),
	}
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "usher_build_info", Help: "Always 1; the label says which version this is.",
		ConstLabels: prometheus.Labels{"version": version},
	}, func() float64 { return 1 })
	m.registry.MustRegister(m.store, m.cards, m.deliveries, m.intents, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// chatCounts are what chats count by themselves, read when they are asked for.
type chatCounts struct{ chats []openChat }

func (chatCounts) desc(kind string) *prometheus.Desc {
	name := chatKinds()[kind].name
	return prometheus.NewDesc("usher_"+kind+"_deliveries_total",
		"What came from "+name+" and became of it (taken, or why not), and late answers, panics and calls that "+name+" limited.", []string{"chat", "result"}, nil)
}

// Describe implements prometheus.Collector.
func (s chatCounts) Describe(to chan<- *prometheus.Desc) {
	for kind := range chatKinds() {
		to <- s.desc(kind)
	}
}

// Collect implements prometheus.Collector.
func (s chatCounts) Collect(to chan<- prometheus.Metric) {
	for _, c := range s.chats {
		for result, n := range c.adapter.Counts() {
			to <- prometheus.MustNewConstMetric(s.desc(c.Kind), prometheus.CounterValue, float64(n), c.Name, result)
		}
	}
}

// meteredStore is a Store whose calls are timed.
type meteredStore struct {
	runtime.Store
	m *metrics
}

func (s meteredStore) seen(call string, start time.Time, err error) {
	result := "ok"
	switch {
	case errors.Is(err, runtime.ErrConflict):
		result = "conflict"
	case errors.Is(err, runtime.ErrDuplicate):
		result = "duplicate"
	case err != nil:
		result = "error"
	}
	s.m.store.WithLabelValues(call, result).Observe(time.Since(start).Seconds())
}

func (s meteredStore) Load(ctx context.Context, keys ...runtime.Key) (r []runtime.Record, err error) {
	defer func(start time.Time) { s.seen("load", start, err) }(time.Now())
	return s.Store.Load(ctx, keys...)
}

func (s meteredStore) Commit(ctx context.Context, c runtime.Change) (err error) {
	defer func(start time.Time) { s.seen("commit", start, err) }(time.Now())
	return s.Store.Commit(ctx, c)
}

func (s meteredStore) Claim(ctx context.Context, now time.Time, lease time.Duration, max int, only ...runtime.Key) (k []runtime.Key, err error) {
	defer func(start time.Time) { s.seen("claim", start, err) }(time.Now())
	return s.Store.Claim(ctx, now, lease, max, only...)
}

func (s meteredStore) List(ctx context.Context, q runtime.Query) (l []string, err error) {
	defer func(start time.Time) { s.seen("list", start, err) }(time.Now())
	return s.Store.List(ctx, q)
}

func (s meteredStore) Audit(ctx context.Context, q runtime.AuditQuery) (e []runtime.Entry, err error) {
	defer func(start time.Time) { s.seen("audit", start, err) }(time.Now())
	return s.Store.Audit(ctx, q)
}

// outcome is the label for the result of a call to the outside.
func outcome(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, access.ErrGone):
		return "gone"
	default:
		return access.AsFault(err).Code
	}
}

// meteredMessenger counts cards.
type meteredMessenger struct {
	runtime.Messenger
	m *metrics
}

func (s meteredMessenger) Post(ctx context.Context, d runtime.Delivery) (string, error) {
	ref, err := s.Messenger.Post(ctx, d)
	s.m.cards.WithLabelValues("post", outcome(err)).Inc()
	return ref, err
}

func (s meteredMessenger) Edit(ctx context.Context, ref string, d runtime.Delivery) error {
	err := s.Messenger.Edit(ctx, ref, d)
	s.m.cards.WithLabelValues("edit", outcome(err)).Inc()
	return err
}

// meteredConnector counts what is given and taken.
type meteredConnector struct {
	runtime.Connector
	name string
	m    *metrics
}

// metered counts what is given and taken. A connector of one chat stays one.
func metered(c runtime.Connector, name string, m *metrics) runtime.Connector {
	counted := meteredConnector{c, name, m}
	if within, ok := c.(runtime.InChat); ok {
		return meteredInChat{counted, within}
	}
	return counted
}

// meteredInChat is a meteredConnector of one chat.
type meteredInChat struct {
	meteredConnector
	runtime.InChat
}

// Find implements runtime.Finder: nothing where the connector cannot list.
func (c meteredConnector) Find(ctx context.Context, t access.TenantID, accounts []access.Account, query string, max int) ([]runtime.Thing, error) {
	if finder, ok := c.Connector.(runtime.Finder); ok {
		return finder.Find(ctx, t, accounts, query, max)
	}
	return nil, nil
}

// MayHand implements runtime.Keeper: everybody where the connector does not know.
func (c meteredConnector) MayHand(ctx context.Context, t access.TenantID, accounts []access.Account, res access.Resource) error {
	if keeper, ok := c.Connector.(runtime.Keeper); ok {
		return keeper.MayHand(ctx, t, accounts, res)
	}
	return nil
}

func (c meteredConnector) Grant(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	a, err := c.Connector.Grant(ctx, j)
	c.m.deliveries.WithLabelValues(c.name, "grant", outcome(err)).Inc()
	return a, err
}

func (c meteredConnector) Revoke(ctx context.Context, j runtime.Job) (runtime.Answer, error) {
	a, err := c.Connector.Revoke(ctx, j)
	c.m.deliveries.WithLabelValues(c.name, "revoke", outcome(err)).Inc()
	return a, err
}

func (c meteredConnector) Verify(ctx context.Context, j runtime.Job) (access.Had, error) {
	had, err := c.Connector.Verify(ctx, j)
	c.m.deliveries.WithLabelValues(c.name, "verify", outcome(err)).Inc()
	return had, err
}
