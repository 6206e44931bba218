package slackfake

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// page cuts a list as cursor and limit ask (docs.slack.dev/apis/web-api/
// pagination): less than 1,000, and never more than Options.PageSize.
func (f *Fake) page(all []string, a args, orElse int) (page []string, next string, err error) {
	limit := orElse
	if a.has("limit") {
		if limit, err = strconv.Atoi(a.text("limit")); err != nil || limit < 0 || limit > 999 {
			return nil, "", refuse("invalid_limit")
		}
	}
	if limit == 0 {
		limit = 999
	}
	if f.opt.PageSize > 0 {
		limit = min(limit, f.opt.PageSize)
	}
	from := 0
	if cursor := a.text("cursor"); cursor != "" {
		raw, err := base64.StdEncoding.DecodeString(cursor)
		at, found := strings.CutPrefix(string(raw), "from:")
		if from, _ = strconv.Atoi(at); err != nil || !found || from <= 0 || from > len(all) {
			return nil, "", refuse("invalid_cursor")
		}
	}
	end := min(from+limit, len(all))
	if end < len(all) {
		next = base64.StdEncoding.EncodeToString([]byte("from:" + strconv.Itoa(end)))
	}
	return all[from:end], next, nil
}
