package desk

import (
	"testing"
	"time"

	"github.com/usher-dev/usher/adapters/chat"
	"github.com/usher-dev/usher/adapters/chat/chattest"
	"github.com/usher-dev/usher/config"
)

func TestWhatIsDefinedComesAsAFileThatCanBeTakenBack(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, chattest.Modal())
	tell, ok := w.types(olga, "/access-admin export").(chat.Tell)
	if !ok || len(tell.Files) != 1 || tell.Files[0].Name != "usher.yaml" {
		t.Fatalf("got %+v", tell)
	}
	read, err := config.ReadDefinitions("usher.yaml", tell.Files[0].Data, w.at, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.r.Definitions(t.Context(), tenant)
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Resources) == 0 || len(read.Definitions.Resources) != len(all.Resources) || read.Definitions.Settings == nil {
		t.Errorf("%d of %d resources came back:\n%s", len(read.Definitions.Resources), len(all.Resources), tell.Files[0].Data)
	}
	w.says(w.types(mina, "/access-admin export"), "Only admins who look after this can do that.")
}
