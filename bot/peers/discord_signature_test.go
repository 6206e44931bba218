//go:build peers

package peers

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/discord"
)

// knock is a delivery that may be Discord's. Headers that are nil are missing.
type knock struct {
	Key       string  `json:"key"` // of the receiver, public
	Timestamp *string `json:"timestamp"`
	Signature *string `json:"signature"`
	Body      []byte  `json:"body"`
}

const ping = `{"id":"1","application_id":"7","type":1}`

// applicationKey is the same at each run.
func applicationKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("an application of Discord, 32 b."))
}

func publicKey(of ed25519.PrivateKey) string {
	return hex.EncodeToString(of.Public().(ed25519.PublicKey))
}

// signature is what Discord makes ("Validating Security Request Headers").
func signature(by ed25519.PrivateKey, timestamp, body string) string {
	return hex.EncodeToString(ed25519.Sign(by, []byte(timestamp+body)))
}

// honest is a knock that everybody takes.
func honest(body string, age time.Duration) knock {
	return knock{Key: publicKey(applicationKey()), Body: []byte(body)}.at(ago(age))
}

// at is the knock with another timestamp, signed anew.
func (k knock) at(timestamp string) knock {
	return k.headers(timestamp, signature(applicationKey(), timestamp, string(k.Body)))
}

func (k knock) headers(timestamp, signature string) knock {
	k.Timestamp, k.Signature = &timestamp, &signature
	return k
}

// signed is the knock with another signature.
func (k knock) signed(signature string) knock { return k.headers(*k.Timestamp, signature) }

// says is the knock with another body and the old signature.
func (k knock) says(body string) knock {
	k.Body = []byte(body)
	return k
}

// door is Usher's, of an application that has a key.
func door(t *testing.T, key string) http.Handler {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id":"7"}`) }))
	t.Cleanup(api.Close)
	adapter, err := discord.New(discord.Options{
		Name: "discord", Tenant: "acme", Guilds: []string{"5"}, BotToken: "token", PublicKey: discord.Secret(key), APIURL: api.URL, Log: zerolog.Nop(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return adapter.Handler()
}

func deliver(to http.Handler, k knock) int {
	r := httptest.NewRequest(http.MethodPost, discord.Interactions, strings.NewReader(string(k.Body)))
	for name, value := range map[string]*string{"X-Signature-Timestamp": k.Timestamp, "X-Signature-Ed25519": k.Signature} {
		if value != nil {
			r.Header.Set(name, *value)
		}
	}
	w := httptest.NewRecorder()
	to.ServeHTTP(w, r)
	return w.Code
}

// isTaken asks a door. A delivery that is refused for what it says, not for who
// says it, counts as taken.
func isTaken(t *testing.T, at http.Handler, k knock) bool {
	t.Helper()
	switch status := deliver(at, k); status {
	case http.StatusOK, http.StatusBadRequest:
		return true
	case http.StatusUnauthorized:
		return false
	default:
		t.Fatalf("it answers %d", status)
		return false
	}
}

// plusOrder is the same signature with the order of the group added to its
// second half, which RFC 8032 has everybody refuse.
func plusOrder(signature string) string {
	raw, _ := hex.DecodeString(signature) // it is one that we made
	s := slices.Clone(raw[32:])
	slices.Reverse(s)
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	sum := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
	slices.Reverse(sum)
	return hex.EncodeToString(append(raw[:32], sum...))
}

func TestOurCheckOfASignatureIsDiscords(t *testing.T) {
	t.Parallel()
	discords, doors := startJudge(t, "verifykey.mjs"), map[string]http.Handler{}
	fine := honest(ping, 0)
	at, good := *fine.Timestamp, *fine.Signature
	stranger := ed25519.NewKeyFromSeed([]byte("an application of a stranger, 32"))
	noTimestamp, noSignature, elsewhere := fine, fine, fine
	noTimestamp.Timestamp, noSignature.Signature, elsewhere.Key = nil, nil, publicKey(stranger)
	for name, c := range map[string]struct {
		knock
		taken bool
	}{
		"right":                           {fine, true},
		"nothing in it":                   {honest("", 0), true},
		"umlauts":                         {honest(`{"name":"für 😀"}`, 0), true},
		"no text at all":                  {honest("\xff\xfe\x00", 0), true},
		"almost too old":                  {honest(ping, 290*time.Second), true},
		"almost too early":                {honest(ping, -290*time.Second), true},
		"a signature in upper case":       {fine.signed(strings.ToUpper(good)), true},
		"a space after the body":          {fine.says(ping + " "), false},
		"a space before the body":         {fine.says(" " + ping), false},
		"another body":                    {fine.says(strings.Replace(ping, "7", "8", 1)), false},
		"no body any more":                {fine.says(""), false},
		"another application's signature": {fine.signed(signature(stranger, at, ping)), false},
		"at another application":          {elsewhere, false},
		"another time":                    {fine.headers(ago(time.Second), good), false},
		"signed without the time":         {fine.signed(signature(applicationKey(), "", ping)), false},
		"signed with the time at the end": {fine.signed(signature(applicationKey(), ping, at)), false},
		"no timestamp":                    {noTimestamp, false},
		"no signature":                    {noSignature, false},
		"an empty timestamp":              {fine.at(""), false},
		"an empty signature":              {fine.signed(""), false},
		"half a signature":                {fine.signed(good[:64]), false},
		"a digit more":                    {fine.signed(good + "0"), false},
		"a byte more":                     {fine.signed(good + "00"), false},
		"nothing but noughts":             {fine.signed(strings.Repeat("00", 64)), false},
		"no hexadecimals":                 {fine.signed(strings.Repeat("zz", 64)), false},
		"with 0x before":                  {fine.signed("0x" + good), false},
		"a space before":                  {fine.signed(" " + good), false},
		"a space after":                   {fine.signed(good + " "), false},
		"its halves changed round":        {fine.signed(good[64:] + good[:64]), false},
		"the order of the group added":    {fine.signed(plusOrder(good)), false},
	} {
		if doors[c.Key] == nil {
			doors[c.Key] = door(t, c.Key)
		}
		theirs, ours := discords.takes(c.knock), isTaken(t, doors[c.Key], c.knock)
		if theirs != c.taken || ours != c.taken {
			t.Errorf("%s: discord-interactions says %v, Usher says %v, want %v", name, theirs, ours, c.taken)
		}
	}
}

// withByte is an honest knock whose signature has a certain byte, and where:
// from some digit on.
func withByte(t *testing.T, hexadecimal string, from int) (k knock, where int) {
	t.Helper()
	for n := range 1000 {
		k = honest(fmt.Sprintf(`{"id":"%d"}`, n), 0)
		for i := from; i < 128; i += 2 {
			if (*k.Signature)[i:i+2] == hexadecimal {
				return k, i
			}
		}
	}
	t.Fatalf("no signature has the byte %s", hexadecimal)
	return k, 0
}

// Where the two differ, and why that is right: discord-interactions takes all of
// these and Usher none. It leaves what a time means to whoever uses it, and
// Discord names no age; and it reads a signature with parseInt.
func TestWhereOurCheckOfASignatureIsStricterThanDiscords(t *testing.T) {
	t.Parallel()
	discords, usher := startJudge(t, "verifykey.mjs"), door(t, publicKey(applicationKey()))
	fine := honest(ping, 0)
	at := *fine.Timestamp
	nought, n := withByte(t, "00", 0)
	five, f := withByte(t, "05", 0)
	ten, x := withByte(t, "0a", 0)
	ending, last := withByte(t, "00", 126)
	put := func(k knock, where int, digits string) knock {
		return k.signed((*k.Signature)[:where] + digits + (*k.Signature)[where+2:])
	}
	for what, k := range map[string]knock{
		"signed over five minutes ago":      honest(ping, 310*time.Second),
		"signed a day ago":                  honest(ping, 24*time.Hour),
		"signed over five minutes ahead":    honest(ping, -310*time.Second),
		"a time in milliseconds":            fine.at(at + "000"),
		"a time with a fraction":            fine.at(at + ".5"),
		"a word for a time":                 fine.at("now"),
		"a space before the time":           fine.at(" " + at),
		"the time's last digit in the body": fine.says(at[9:]+ping).headers(at[:9], *fine.Signature),
		"a nought that is no hexadecimal":   put(nought, n, "zz"),
		"a nought of one digit":             put(ending, last, "0"),
		"a five with something behind it":   put(five, f, "5x"),
		"a ten with a space before it":      put(ten, x, " a"),
	} {
		if theirs, ours := discords.takes(k), isTaken(t, usher, k); !theirs || ours {
			t.Errorf("%s: discord-interactions says %v, Usher says %v: %s", what, theirs, ours, shown(k))
		}
	}
}

// discord-interactions remembers nothing, so it takes the very same delivery
// twice; Usher does so once.
func TestTheVerySameInteractionIsTakenOnce(t *testing.T) {
	t.Parallel()
	discords, usher := startJudge(t, "verifykey.mjs"), door(t, publicKey(applicationKey()))
	k := honest(`{"id":"2","application_id":"7","type":2,"token":"t","guild_id":"5","channel_id":"6","member":{"user":{"id":"8"}},"data":{"type":1,"name":"access"}}`, 0)
	for i, want := range []int{http.StatusOK, http.StatusConflict, http.StatusConflict} {
		if theirs, ours := discords.takes(k), deliver(usher, k); !theirs || ours != want {
			t.Errorf("time %d: discord-interactions says %v, Usher answers %d, want %d", i+1, theirs, ours, want)
		}
	}
}

// Some hundred deliveries, most of them with something wrong.
func TestOurCheckOfASignatureIsDiscordsAtRandom(t *testing.T) {
	t.Parallel()
	discords, usher := startJudge(t, "verifykey.mjs"), door(t, publicKey(applicationKey()))
	dice, counts := rand.New(rand.NewPCG(4, 9)), map[bool]int{}
	for i := range 600 {
		k := randomKnock(dice)
		theirs, ours := discords.takes(k), isTaken(t, usher, k)
		if theirs != ours {
			t.Errorf("%d: discord-interactions says %v, Usher says %v: %s", i, theirs, ours, shown(k))
		}
		counts[theirs]++
	}
	if counts[true] < 100 || counts[false] < 100 {
		t.Errorf("%d were taken and %d refused: that says little", counts[true], counts[false])
	}
}

// randomKnock is right, or has one thing wrong with it. The differences that are
// known are left out: a time that is far from now or none, bytes that are not two
// hexadecimals, a repeated interaction.
func randomKnock(dice *rand.Rand) knock {
	body := make([]byte, dice.IntN(60))
	for i := range body {
		body[i] = byte(dice.IntN(256))
	}
	k := honest(string(body), time.Duration(dice.IntN(570)-285)*time.Second)
	switch dice.IntN(8) {
	case 0:
		k = k.says(string(append(body, byte(dice.IntN(256)))))
	case 1:
		seed := make([]byte, 32)
		seed[dice.IntN(32)] = byte(1 + dice.IntN(255))
		k = k.signed(signature(ed25519.NewKeyFromSeed(seed), *k.Timestamp, string(body)))
	case 2:
		changed := []byte(*k.Signature)
		changed[dice.IntN(128)] = "0123456789abcdefABCDEF"[dice.IntN(22)]
		k = k.signed(string(changed))
	case 3:
		k = k.signed((*k.Signature)[:dice.IntN(127)])
	case 4:
		seconds, _ := strconv.Atoi(*k.Timestamp) // it is a number
		k = k.headers(strconv.Itoa(seconds+1), *k.Signature)
	}
	return k
}
