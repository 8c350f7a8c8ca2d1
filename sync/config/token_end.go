package config

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

var errNoDate = errors.New("that is no date")

// parseDate reads a date of TOML's, with or without a time, or the same in a string. A day without a time begins in
// UTC, which is early everywhere west of it and a few hours late east of it.
func parseDate(value any) (time.Time, error) {
	switch v := value.(type) {
	case time.Time:
		return v.UTC(), nil
	case toml.LocalDate:
		return v.AsTime(time.UTC), nil
	case toml.LocalDateTime:
		return v.AsTime(time.UTC), nil
	case string:
		for _, form := range []string{time.DateOnly, time.RFC3339} {
			if at, err := time.Parse(form, strings.TrimSpace(v)); err == nil {
				return at.UTC(), nil
			}
		}
	}
	return time.Time{}, errNoDate
}

// jwtEnd is when a token that is a JWT says that it ends (RFC 7519, section 4.1.4); zero if it is none, or does not
// say. The signature is the target's business.
func jwtEnd(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}
	}
	var said struct {
		Exp float64 `json:"exp"`
	}
	// Beyond these years no date is meant.
	if json.Unmarshal(claims, &said) != nil || said.Exp < 1e9 || said.Exp > 1e10 {
		return time.Time{}
	}
	return time.Unix(int64(said.Exp), 0).UTC()
}
