//go:build !race

package desk

import "testing"

// TestMatrixOfCommands: every command, with nothing, with the wrong thing, with
// the right thing, by every role, in the own and in a foreign catalog.
func TestMatrixOfCommands(t *testing.T) {
	t.Parallel()
	rows := matrixRows()
	checkComplete(t, rows)
	file, texts := buildTown(t), codeTexts(t)
	for _, role := range matrixRoles() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			s := newStall(t, role, file, texts)
			for _, row := range rows {
				s.row(row)
				s.completes(row.name)
			}
		})
	}
}

// TestMatrixOfButtons: every button and form by every role, in the own and in
// a foreign catalog.
func TestMatrixOfButtons(t *testing.T) {
	t.Parallel()
	file, texts := buildTown(t), codeTexts(t)
	for _, role := range matrixRoles() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			s := newStall(t, role, file, texts)
			s.allVerbs(verbRows())
			for _, row := range verbRows() {
				s.verb(row, ownHalf(), row.own, row.sentOwn)
				s.verb(row, foreignHalf(), row.foreign, row.sentForeign)
			}
		})
	}
}
