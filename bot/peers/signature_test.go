//go:build peers

package peers

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/usher-dev/usher/adapters/slack"
)

// attempt is a delivery that may be Slack's. Headers that are nil are missing.
type attempt struct {
	Secret    string  `json:"secret"` // of the receiver
	Timestamp *string `json:"timestamp"`
	Signature *string `json:"signature"`
	Body      string  `json:"body"`
}

// sign is what Slack does ("Verifying requests from Slack").
func sign(secret, timestamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, "v0:"+timestamp+":"+body) // a hash takes everything
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

const (
	ourSecret = "8f742231b10e8888abcd99yyyzzz85a5"
	challenge = `{"type":"url_verification","challenge":"abc"}`
)

func ago(d time.Duration) string { return strconv.FormatInt(time.Now().Add(-d).Unix(), 10) }

// good is an attempt that everybody takes.
func good(body string, age time.Duration) attempt {
	at := ago(age)
	signature := sign(ourSecret, at, body)
	return attempt{ourSecret, &at, &signature, body}
}

// with is the attempt with another timestamp, signed anew by the receiver's
// secret.
func (a attempt) with(timestamp, signedFor string) attempt {
	signature := sign(a.Secret, signedFor, a.Body)
	a.Timestamp, a.Signature = &timestamp, &signature
	return a
}

// signed is the attempt with another signature.
func (a attempt) signed(signature string) attempt {
	a.Signature = &signature
	return a
}

// judge is a check that others wrote, in a process of its own.
type judge struct {
	t      *testing.T
	script string
	in     *json.Encoder
	out    *bufio.Scanner
}

func startJudge(t *testing.T, script string) judge {
	t.Helper()
	cmd := node(script)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s ended with %v", script, err)
		}
	})
	return judge{t, script, json.NewEncoder(in), bufio.NewScanner(out)}
}

func startBolt(t *testing.T) judge {
	t.Helper()
	return startJudge(t, "verify.mjs")
}

func (j judge) takes(delivery any) bool {
	j.t.Helper()
	if err := j.in.Encode(delivery); err != nil {
		j.t.Fatal(err)
	}
	if !j.out.Scan() {
		j.t.Fatalf("%s does not answer: %v", j.script, j.out.Err())
	}
	verdict, err := strconv.ParseBool(j.out.Text())
	if err != nil {
		j.t.Fatal(err)
	}
	return verdict
}

// usherTakes asks the adapter's door. A delivery that is refused for what it
// says, not for who says it, counts as taken.
func usherTakes(t *testing.T, a attempt) bool {
	t.Helper()
	adapter, err := slack.New(slack.Options{
		Name: "slack", Tenant: "acme", BotToken: "xoxb-1", AppToken: "xapp-1", SigningSecret: slack.Secret(a.Secret), Log: zerolog.Nop(),
	})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(a.Body))
	for name, value := range map[string]*string{"X-Slack-Request-Timestamp": a.Timestamp, "X-Slack-Signature": a.Signature} {
		if value != nil {
			r.Header.Set(name, *value)
		}
	}
	w := httptest.NewRecorder()
	adapter.Handler().ServeHTTP(w, r)
	switch w.Code {
	case http.StatusOK, http.StatusBadRequest:
		return true
	case http.StatusUnauthorized, http.StatusNotFound: // without a secret there is no door
		return false
	}
	t.Fatalf("it answers %d", w.Code)
	return false
}

func TestOurCheckOfASignatureIsSlacks(t *testing.T) {
	t.Parallel()
	slacks := startBolt(t)
	fine := good(challenge, 0)
	at, signature := *fine.Timestamp, *fine.Signature
	changed := fine
	changed.Body += " "
	noTimestamp, noSignature, noSecret := fine, fine, good(challenge, 0).with(at, at)
	noTimestamp.Timestamp, noSignature.Signature = nil, nil
	noSecret.Secret = ""
	noSecret = noSecret.with(at, at)
	for name, c := range map[string]struct {
		attempt
		taken bool
	}{
		"right":                   {fine, true},
		"nothing in it":           {good("", 0), true},
		"umlauts":                 {good("text=für+😀", 0), true},
		"almost too old":          {good(challenge, 290*time.Second), true},
		"almost too early":        {good(challenge, -290*time.Second), true},
		"too old":                 {good(challenge, 310*time.Second), false},
		"of yesterday":            {good(challenge, 24*time.Hour), false},
		"of 1970":                 {fine.with("0", "0"), false},
		"before 1970":             {fine.with("-1", "-1"), false},
		"a space after the body":  {changed, false},
		"another secret":          {fine.signed(sign("another", at, challenge)), false},
		"an empty secret":         {noSecret, false},
		"another time":            {fine.signed(sign(ourSecret, ago(time.Second), challenge)), false},
		"no timestamp":            {noTimestamp, false},
		"no signature":            {noSignature, false},
		"an empty timestamp":      {fine.with("", ""), false},
		"an empty signature":      {fine.signed(""), false},
		"a word for a time":       {fine.with("now", "now"), false},
		"no number":               {fine.with("NaN", "NaN"), false},
		"milliseconds":            {fine.with(at+".5", at), false},
		"version 1":               {fine.signed("v1" + signature[2:]), false},
		"upper-case version":      {fine.signed("V0" + signature[2:]), false},
		"no version":              {fine.signed(signature[3:]), false},
		"half a signature":        {fine.signed(signature[:20]), false},
		"no hash":                 {fine.signed("v0="), false},
		"no hexadecimals":         {fine.signed("v0=" + strings.Repeat("z", 64)), false},
		"too long":                {fine.signed(signature + "00"), false},
		"a space before the hash": {fine.signed("v0= " + signature[3:]), false},
		"a space before":          {fine.signed(" " + signature), false},
		"a space after":           {fine.signed(signature + " "), false},
	} {
		theirs, ours := slacks.takes(c.attempt), usherTakes(t, c.attempt)
		if theirs != c.taken || ours != c.taken {
			t.Errorf("%s: bolt says %v, Usher says %v, want %v", name, theirs, ours, c.taken)
		}
	}
}

// Where the two differ, and why that is right.
func TestWhereOurCheckOfASignatureDiffers(t *testing.T) {
	t.Parallel()
	slacks := startBolt(t)
	fine := good(challenge, 0)
	at, signature := *fine.Timestamp, *fine.Signature
	for why, c := range map[string]struct {
		attempt
		usher bool // bolt says the opposite
	}{
		"bolt only looks for what is old; Slack's documents ask for five minutes either way": {good(challenge, -310*time.Second), false},
		"Usher compares the bytes, whichever case they are written in":                       {fine.signed("v0=" + strings.ToUpper(signature[3:])), true},
		"bolt drops what follows a second equals sign":                                       {fine.signed(signature + "=more"), false},
		"Usher checks the timestamp as it was written, bolt makes it a number before":        {fine.with("0"+at, "0"+at), true},
		"bolt takes what was signed for another way to write the number":                     {fine.with("0"+at, at), false},
		"bolt takes a number that is no timestamp":                                           {fine.with(at+".0", at), false},
		"bolt takes spaces around the number":                                                {fine.with(" "+at, at), false},
	} {
		if theirs, ours := slacks.takes(c.attempt), usherTakes(t, c.attempt); ours != c.usher || theirs == c.usher {
			t.Errorf("%s: bolt says %v, Usher says %v", why, theirs, ours)
		}
	}
}

// Some hundred deliveries, most of them with something wrong.
func TestOurCheckOfASignatureIsSlacksAtRandom(t *testing.T) {
	t.Parallel()
	slacks, dice := startBolt(t), rand.New(rand.NewPCG(3, 1))
	counts := map[bool]int{}
	for i := range 600 {
		a := randomAttempt(dice)
		theirs, ours := slacks.takes(a), usherTakes(t, a)
		if theirs != ours {
			t.Errorf("%d: bolt says %v, Usher says %v: %s", i, theirs, ours, shown(a))
		}
		counts[theirs]++
	}
	if counts[true] < 100 || counts[false] < 100 {
		t.Errorf("%d were taken and %d refused: that says little", counts[true], counts[false])
	}
}

// randomAttempt is right, or has one thing wrong with it. The differences that
// are known are left out: a time that is far ahead, upper case, another equals
// sign, another way to write the time.
func randomAttempt(dice *rand.Rand) attempt {
	letters := []rune("abc &=%+\n\x00\"{}:äß€😀")
	body := make([]rune, dice.IntN(60))
	for i := range body {
		body[i] = letters[dice.IntN(len(letters))]
	}
	a := good(string(body), time.Duration(dice.IntN(570)-280)*time.Second)
	switch dice.IntN(8) {
	case 0:
		a = good(a.Body, time.Duration(310+dice.IntN(100000))*time.Second)
	case 1:
		a.Body += string(letters[dice.IntN(len(letters))])
	case 2:
		a = a.signed(sign(ourSecret[:dice.IntN(len(ourSecret))], *a.Timestamp, a.Body))
	case 3:
		flipped := []byte(*a.Signature)
		flipped[dice.IntN(len(flipped))] = "0123456789abcdefg v"[dice.IntN(19)]
		a = a.signed(string(flipped))
	case 4:
		a = a.signed((*a.Signature)[:dice.IntN(len(*a.Signature))])
	}
	return a
}

func shown(a any) string {
	data, err := json.Marshal(a)
	return fmt.Sprint(string(data), err)
}
