package onelogin

import (
	"net/http"
	"strconv"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// eventAppUpdatedByUser is what saving an app's page in the console leaves in the log
// (https://developers.onelogin.com/api-docs/1/events/event-types).
const eventAppUpdatedByUser = 601

// tick serves the boxes of the console's app page: it turns one over and saves the page. Like every edit of an app it pushes
// nothing by itself; that takes a reapply.
func (s *Server) tick(c *call) answer {
	a := s.w.Source.Apps[number(c.path("id"))]
	if a == nil || !turn(a, c.path("box"), c.query.Get("parameter")) {
		return notFound()
	}
	a.UpdatedAt = s.w.Now()
	s.w.Source.Changes++
	s.addEvent(world.Event{Type: eventAppUpdatedByUser, AppID: a.ID, AppName: a.Name})
	header := http.Header{"Location": {"/apps/" + strconv.FormatInt(a.ID, 10) + "/edit/?pressed=save"}}
	return answer{http.StatusSeeOther, header, nil}
}

func turn(a *world.App, box, parameter string) bool {
	switch box {
	case "provisioning":
		a.ProvisioningEnabled = !a.ProvisioningEnabled
		return true
	case "connection":
		a.Disconnected = !a.Disconnected
		return true
	case "approval":
		on := !asksApproval(a)
		a.ApproveCreate, a.ApproveUpdate, a.ApproveDelete = on, on, on
		return true
	case "include":
		for i := range a.Parameters {
			if p := &a.Parameters[i]; p.Key == parameter {
				p.ProvisionedEntitlements = !p.ProvisionedEntitlements
				return true
			}
		}
	}
	return false
}

// asksApproval reports whether any of the approval boxes is ticked.
func asksApproval(a *world.App) bool { return a.ApproveCreate || a.ApproveUpdate || a.ApproveDelete }
