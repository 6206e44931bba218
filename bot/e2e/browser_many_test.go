package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// add types into a field that takes several and picks what is found.
func (b browser) add(person, field, text, found string) {
	b.t.Helper()
	at := fmt.Sprintf(`#c-%s .sheet [data-field=%q] `, person, field)
	b.do(person+" adds "+text, chromedp.SendKeys(chromedp.CSS(at+"[data-more]"), text))
	option := fmt.Sprintf(`%s//*[@data-field=%q]//li[contains(normalize-space(.), %q)]`, column(person), field, found)
	b.do(person+" picks "+found, chromedp.WaitVisible(option), chromedp.Click(option))
}

// People are added to a field one after the other, and what nobody picked from
// the list counts as it was typed.
func TestPeopleAreAddedInTheBrowser(t *testing.T) {
	t.Parallel()
	s := start(t, place(t))
	b := openBrowser(t, s.base)

	b.command("olga", "/access-admin catalog create")
	b.write("olga", "name", "Film")
	b.add("olga", "role.owner", "ada", "Ada Lindqvist")
	b.do("olga types a name", chromedp.SendKeys(chromedp.CSS(`#c-olga .sheet [data-field="role.packagemanager"] [data-more]`), "Ben Tanaka"))
	b.send("olga")
	b.sees(column("olga"), "New catalog: Film")
	b.press("olga", "Confirm")
	b.sees(column("olga"), "The catalog Film is there.")
	b.command("olga", "/access-admin catalog show film")
	b.sees(column("olga"), "Ada Lindqvist")
}
