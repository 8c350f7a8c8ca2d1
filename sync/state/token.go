package state

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// tokensSeen tells the tokens of a connection apart without holding them: by a salted hash that is cut short, so that
// it proves no token to anybody.
type tokensSeen struct {
	Salt []byte      `json:"salt"`
	Seen []tokenSeen `json:"seen"`
}

type tokenSeen struct {
	Mark  string    `json:"mark"`
	First time.Time `json:"first"`
}

// maxTokens is how many are told apart: two may live at a time, and one of before may come back.
const maxTokens = 4

const (
	saltBytes = 16
	markBytes = 8
)

func (s *Store) tokensRecord() Record[tokensSeen] {
	return recordOfRead[tokensSeen](s, "token", "read", "when this token was first used cannot be remembered (%w)")
}

func (t *tokensSeen) hashToken(token string) string {
	h := hmac.New(sha256.New, t.Salt)
	h.Write([]byte(token))
	return hex.EncodeToString(h.Sum(nil)[:markBytes])
}

func (t *tokensSeen) find(token string) int {
	mark := t.hashToken(token)
	return slices.IndexFunc(t.Seen, func(s tokenSeen) bool { return s.Mark == mark })
}

// TokenFirstSeen gives when a token was first used on this connection; zero if it never was.
func (s *Store) TokenFirstSeen(token string) (time.Time, error) {
	kept, err := s.tokensRecord().Get()
	if err != nil || kept == nil {
		return time.Time{}, err
	}
	if at := kept.find(token); at >= 0 {
		return kept.Seen[at].First, nil
	}
	return time.Time{}, nil
}

// KeepToken keeps when a token was first used on this connection. One that is kept already stays as it is.
func (s *Store) KeepToken(token string, first time.Time) error {
	kept, err := s.tokensRecord().Get()
	if err != nil || kept == nil || len(kept.Salt) == 0 {
		kept = &tokensSeen{Salt: make([]byte, saltBytes)} // a damaged one is as good as none: it is replaced
		_, _ = rand.Read(kept.Salt)                       // it never fails (crypto/rand)
	}
	if kept.find(token) >= 0 {
		return nil
	}
	kept.Seen = append(kept.Seen, tokenSeen{kept.hashToken(token), first.UTC()})
	kept.Seen = kept.Seen[max(0, len(kept.Seen)-maxTokens):]
	return s.tokensRecord().Keep(kept)
}
