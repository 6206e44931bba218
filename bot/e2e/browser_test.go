package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// browser is somebody in front of the real page in headless Chromium.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func openBrowser(t *testing.T, url string) browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is missing: install Debian's package chromium")
	}
	// Root may not use Chromium's sandbox, and containers have a small /dev/shm.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1720, 1080))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	b := browser{t, ctx}
	if err := chromedp.Do(ctx); err != nil { // starts Chromium, which must outlive the first step
		t.Fatalf("start Chromium: %v", err)
	}
	b.do("open the page", chromedp.Navigate(url))
	return b
}

// do takes steps, each as long as patience allows.
func (b browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for _, a := range actions {
		limited, cancel := context.WithTimeout(b.ctx, patience)
		err := chromedp.Do(limited, a)
		cancel()
		if err != nil {
			b.t.Fatalf("%s: %v", what, err)
		}
	}
}

// column is the XPath of somebody's column.
func column(person string) string { return fmt.Sprintf(`//article[@id="c-%s"]`, person) }

// command types a slash command and presses Enter.
func (b browser) command(person, text string) {
	b.t.Helper()
	b.do(person+" types "+text, chromedp.SendKeys(chromedp.CSS("#say-"+person), text+"\n"))
}

// press presses a button in the latest message or in the form.
func (b browser) press(person, label string) {
	b.t.Helper()
	button := fmt.Sprintf(`(%s//button[normalize-space(.)=%q])[last()]`, column(person), label)
	b.do(person+" presses "+label, chromedp.WaitVisible(button), chromedp.ScrollIntoView(button), chromedp.Click(button))
}

// write fills a field of the open form.
func (b browser) write(person, field, text string) {
	b.t.Helper()
	b.do(person+" writes "+field, chromedp.SendKeys(chromedp.CSS(fmt.Sprintf(`#c-%s .sheet [name=%q]`, person, field)), text))
}

// choose takes one of the answers of a question.
func (b browser) choose(person, field, value string) {
	b.t.Helper()
	b.do(person+" chooses "+value, chromedp.Click(chromedp.CSS(fmt.Sprintf(`#c-%s .sheet [name=%q][value=%q]`, person, field, value))))
}

// send sends the open form.
func (b browser) send(person string) {
	b.t.Helper()
	b.do(person+" sends the form", chromedp.Click(chromedp.CSS(fmt.Sprintf("#c-%s .sheet footer .primary", person))))
}

// sees waits until a part of the page, an XPath, contains a text.
func (b browser) sees(where, text string) {
	b.t.Helper()
	b.do("wait for "+text, chromedp.WaitVisible(fmt.Sprintf(`(%s//*[contains(normalize-space(.), %q)])[last()]`, where, text)))
}

func TestTheContractorsStoryInTheBrowser(t *testing.T) {
	t.Parallel()
	s := start(t, place(t))
	b := openBrowser(t, s.base)

	b.command("carla", "/access request contractor")
	b.write("carla", "justification", "The new website")
	b.send("carla")
	b.sees(column("carla")+`//form[contains(@class,"sheet")]`, "Please fill this in.")
	b.choose("carla", "answer.work", "website")
	b.send("carla")

	b.sees(column("olga"), "Carla Contreras asks for External contractor")
	end := s.person("olga").card("Request: External contractor").end(t)
	b.sees(column("olga"), "until "+end.Format("2 January 2006, 15:04"))
	b.screenshot()
	b.press("olga", "Approve")
	b.write("olga", "reason", "Known from the last project")
	b.send("olga")

	b.sees(column("carla"), "Please read and accept the terms")
	b.press("carla", "Read the terms")
	b.press("carla", "Accept")
	b.sees(column("carla"), "You now have External contractor")
	b.sees(`//section[@class="resources"]`, "Carla")
	s.waitRooms("carla", contractorRooms...)

	b.do("put the clock forward", chromedp.SendKeys(chromedp.CSS("#advance"), "32 days\n"))
	b.sees(column("carla"), "Your access to External contractor is over")
	b.sees(column("olga"), "The access ended on")
	s.waitRooms("carla")
}

// screenshotVariable names a file that the page's picture is written to: how
// docs/playground.png is made.
const screenshotVariable = "USHER_E2E_SCREENSHOT"

func (b browser) screenshot() {
	b.t.Helper()
	file := os.Getenv(screenshotVariable)
	if file == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(file, png, 0o644)
	}
	if err != nil {
		b.t.Error(err)
	}
}
