package desk

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/usher-dev/usher/adapters/chat"
)

const adminsPage = "../../docs/admins.md"

// Where the table stands on the page.
const (
	tableBegins = "<!-- who may do what: made from the matrix by go test ./adapters/desk -run AdminsPage -update -->\n"
	tableEnds   = "<!-- end -->\n"
)

// TestAdminsPageSaysWhoMayDoWhat keeps the table of docs/admins.md true: it is
// the matrix, for the own catalog.
func TestAdminsPageSaysWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(adminsPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), tableBegins)
	had, after, ends := strings.Cut(rest, tableEnds)
	if !ok || !ends {
		t.Fatal("the page has no place for the table")
	}
	want := whoMay(t)
	if had == want {
		return
	}
	if f := flag.Lookup("update"); f == nil || f.Value.String() != "true" {
		t.Fatalf("the table is\n%s\nwant\n%s", had, want)
	}
	if err := os.WriteFile(adminsPage, []byte(before+tableBegins+want+tableEnds+after), 0o600); err != nil {
		t.Fatal(err)
	}
}

// whoMay is the table: commands that the same roles may carry out stand in one
// row.
func whoMay(t *testing.T) string {
	t.Helper()
	columns := []string{asAdmin, asOwner, asPackager, asAssigner, asReader, asAuditor}
	out := "| command | tenant admin | catalog owner | package manager | assignment manager | catalog reader | auditor |\n|---|---|---|---|---|---|---|\n"
	var order []string
	commands := map[string][]string{}
	for _, cmd := range Commands() {
		if cmd.Root != AccessAdmin || cmd.Name == "help" {
			continue
		}
		marks := ""
		for _, role := range columns {
			mark := ""
			if carriesOut(t, cmd, role) {
				mark = "yes"
			}
			marks += " " + mark + " |"
		}
		if commands[marks] == nil {
			order = append(order, marks)
		}
		commands[marks] = append(commands[marks], "`"+cmd.Name+"`")
	}
	for _, marks := range order {
		out += "| " + strings.Join(commands[marks], ", ") + " |" + marks + "\n"
	}
	return out
}

// formsOf are the commands that only open a form: what comes of it says who
// may.
func formsOf() map[string]chat.Verb {
	return map[string]chat.Verb{
		"assign": verbAssign, "remove": verbRemove, "bulk": verbBulk, "cancel": verbCancel, "unlink": verbUnlink, "confirm": verbVouch,
	}
}

// carriesOut reports whether a command does what it is for when the role types
// it, as the matrix has it.
func carriesOut(t *testing.T, cmd Command, role string) bool {
	t.Helper()
	spec := ""
	for _, row := range matrixRows() {
		if row.name == cmd.Root+" "+cmd.Name && row.nothing != "" {
			spec = first(row.own, row.nothing)
		}
	}
	for _, row := range verbRows() {
		if row.verb == formsOf()[cmd.Name] {
			spec = row.sentOwn
		}
	}
	// What is refused for the state of the thing, not for who it is.
	may := []string{isForm, isCard, isProposal, isDone, "catalogNotEmpty", "resourceInPackages", "form!notLinked"}
	return slices.Contains(may, expected(t, spec)[role])
}

// TestAdminsPageShowsEveryCommand: each with an example, and none that there is
// not.
func TestAdminsPageShowsEveryCommand(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(adminsPage)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, rest := range strings.Split(string(page), "/"+AccessAdmin+" ")[1:] {
		line, _, _ := strings.Cut(rest, "\n")
		line, _, _ = strings.Cut(line, "`")
		for _, cmd := range Commands() {
			if _, ok := named(line, cmd.Name); ok && cmd.Root == AccessAdmin {
				shown[cmd.Name], line = true, ""
				break
			}
		}
		if line != "" {
			t.Errorf("there is no command /%s %s", AccessAdmin, line)
		}
	}
	for _, cmd := range Commands() {
		if cmd.Root == AccessAdmin && !shown[cmd.Name] {
			t.Errorf("/%s %s is not on the page", AccessAdmin, cmd.Name)
		}
	}
}
