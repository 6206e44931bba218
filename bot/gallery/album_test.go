package gallery

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "take the pictures in docs anew")

// album are the pages of a story, in order.
type album struct {
	names []string
	pages map[string][]byte
}

func newAlbum() *album { return &album{pages: map[string][]byte{}} }

func (a *album) add(name string, page []byte) {
	a.names = append(a.names, name)
	a.pages[name] = page
}

// largest is how many bytes a picture may have.
const largest = 120_000

// photograph takes a picture of each page into docs/<chat>, if that is asked
// for. Every picture that is there has to be of a page.
func (a *album) photograph(t *testing.T, chat string) {
	t.Helper()
	dir := filepath.Join("..", "..", "docs", chat)
	if *update {
		take(t, dir, a)
	}
	for _, name := range a.names {
		if info, err := os.Stat(filepath.Join(dir, name+".png")); err != nil || info.Size() > largest {
			t.Errorf("the picture %s is missing or too large: %v", name, err)
		}
	}
	there, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil || len(there) != len(a.names) {
		t.Errorf("there are %d pictures of %d screens: %v", len(there), len(a.names), err)
	}
}

func take(t *testing.T, dir string, a *album) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	for _, name := range a.names {
		page := filepath.Join(t.TempDir(), name+".html")
		if err := os.WriteFile(page, a.pages[name], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := chromedp.Do(ctx, chromedp.Navigate("file://"+page)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		png, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS("body")))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// browser is headless Chromium, with three dots for two points.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is missing: install Debian's package chromium")
	}
	// Root may not use Chromium's sandbox, and containers have a small /dev/shm.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("force-device-scale-factor", "1.5"), chromedp.WindowSize(700, 900))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	return ctx
}
