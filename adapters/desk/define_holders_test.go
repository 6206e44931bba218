package desk

import (
	"fmt"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/adapters/chat/form"
	"github.com/usher-dev/usher/core/access"
)

// swapped is the confirmation of an edit that gives another role.
func (w *workshop) swapped() chat.Reply {
	w.t.Helper()
	r := w.through(olga, w.edits(olga, w.types(olga, "/access-admin package edit wiki"), "gives"), form.Values{"gives": val("design-team/lead")})
	return w.taps(olga, r, "Save")
}

// What an edit gives and takes at once is said with how many it is about.
func TestAnEditOfWhatAPackageGivesSaysWhomItReaches(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0:   "",
		1:   "1 person has it: they get Design team, lead and lose Design team, member (unless something else gives it to them) as soon as this is confirmed.",
		3:   "3 people have it: they get Design team, lead and lose Design team, member (unless something else gives it to them) as soon as this is confirmed.",
		101: "More than 100 people have it: they get Design team, lead and lose Design team, member (unless something else gives it to them) as soon as this is confirmed.",
	} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			w := openWorkshop(t, chattest.Modal())
			w.wiki(access.General, role("design-team", "member"))
			for i := range n {
				w.gives("wiki", access.PersonID(fmt.Sprintf("play/holder%03d", i)))
			}
			text := cardText(w.told(w.swapped()))
			if want != "" && !strings.Contains(text, want) || strings.Contains(text, "as soon as this is confirmed") != (want != "") {
				t.Errorf("it says\n%s\nwant %q", text, want)
			}
			if strings.Contains(text, "keep their end") {
				t.Errorf("it speaks of policies:\n%s", text)
			}
		})
	}
}

// What is pinned stays for those who have it, and that is said too.
func TestAnEditOfHowLongSaysThatHoldersKeepTheirEnd(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	w.wiki(access.General, role("design-team", "member"))
	edit := func() string {
		r := w.through(olga, w.edits(olga, w.types(olga, "/access-admin package edit wiki"), "life"), form.Values{"life.ends": val("duration"), "life.length": val("30 days")})
		return cardText(w.told(w.taps(olga, r, "Save")))
	}
	const want = "those who have it keep their end, and requests under way keep the policy and terms that they were made under."
	if text := edit(); strings.Contains(text, want) {
		t.Errorf("nobody has it:\n%s", text)
	}
	w.gives("wiki", mina)
	if text := edit(); !strings.Contains(text, want) || strings.Contains(text, "as soon as this is confirmed") {
		t.Errorf("it says\n%s", text)
	}
}

// What is dropped has a name before it is confirmed as well.
func TestADroppedRoleHasItsName(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	w.wiki(access.General, role("design-team", "member"))
	card := w.edits(olga, w.types(olga, "/access-admin package edit wiki"), "gives")
	text := cardText(w.told(w.through(olga, card, form.Values{"gives": val("design-team/lead")})))
	if want := "What it gives: Design team, member → Design team, lead"; !strings.Contains(text, want) {
		t.Errorf("it says\n%s", text)
	}
	// A role of a resource that is among neither any more.
	w = openWorkshop(t, chattest.Modal())
	w.wiki("lab", role("bench", "user"))
	text = cardText(w.told(w.through(ada, w.edits(ada, w.types(ada, "/access-admin package edit wiki"), "gives"), form.Values{"gives": val("+rooms+lounge+member")})))
	if want := "What it gives: Bench, user → #lounge, member"; !strings.Contains(text, want) {
		t.Errorf("it says\n%s", text)
	}
	text = cardText(w.told(w.through(ada, w.edits(ada, w.types(ada, "/access-admin package edit wiki"), "gives"), form.Values{"gives": val("bench/user", "lounge/member")})))
	if want := "What it gives: Bench, user → Bench, user; #lounge, member"; !strings.Contains(text, want) {
		t.Errorf("it says\n%s", text)
	}
}

// Who makes a package is not told that their own manager decides.
func TestTheManagerOfWhoAsksDecides(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	w.wiki(access.General, role("design-team", "member"))
	r := w.through(olga, w.edits(olga, w.types(olga, "/access-admin package edit wiki"), "stages"), form.Values{"stages.count": val("1"), "stage1.approvers": val("manager")})
	if text := cardText(w.told(r)); !strings.Contains(text, "the requestor's manager") || strings.Contains(text, "your manager") {
		t.Errorf("it says\n%s", text)
	}
}
