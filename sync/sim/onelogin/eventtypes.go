package onelogin

import (
	_ "embed"
	"net/http"
	"strconv"
	"strings"
)

// eventTypeNames has a line "id NAME" for each type that matters to provisioning, and some that do not.
//
//go:embed eventtypes.txt
var eventTypeNames string

// listEventTypes serves GET /api/1/events/types, which has a stricter limit of its own; clients are asked to keep the
// answer.
func (s *Server) listEventTypes(*call) answer {
	if over := s.spend(&s.types, or(s.knobs.TypesHourlyLimit, defaultTypes)); over != nil {
		return *over
	}
	rows := []map[string]any{}
	for line := range strings.Lines(eventTypeNames) {
		id, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.Atoi(id)
		if err != nil {
			continue
		}
		rows = append(rows, map[string]any{
			"id": n, "name": name,
			"description": "%user%: " + strings.ToLower(strings.ReplaceAll(name, "_", " ")) + " (%app%)",
		})
	}
	return respond(http.StatusOK, map[string]any{"status": success(), "data": rows})
}
