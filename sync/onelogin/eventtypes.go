package onelogin

import (
	"slices"
)

// The event types that are read; names as in OneLogin's /api/1/events/types. Everything else, above all the sign-ins of
// thousands of users, stays where it is. Nor are there types that only trace reading (501 to 503, 515, 9014, 9020 and
// so on): this program leaves those behind by the thousand itself. Changes made with the same credential are read,
// because others may share it.

// provisioningTypes tell what happened between OneLogin and the app, and who changed its configuration.
func provisioningTypes() []int {
	return slices.Concat(
		// PROVISIONING_EXCEPTION and _EVENT, user limit, broken connector, rejected token, scriptlet error
		[]int{25, 26, 38, 39, 85, 121},
		span(51, 56), span(59, 65), // users created, updated, suspended … in the app, and failures of it
		[]int{110, 111, 124, 125, 202, 218}, // sync logins, entitlement cache and action, mappings reapplied or not
		[]int{206, 207, 208, 216, 242, 243}, // logins by hand, retries, jobs that wait or failed
		[]int{247, 248}, span(250, 255),     // mappings of a user; configuration error, throttling, reapply (254)
		[]int{306, 334},                 // login not added, user not updated in the app
		span(13, 17), []int{21, 28, 32}, // users created … deleted, suspended, removed, reactivated
		[]int{1, 2, 4, 23}, span(147, 150), // apps and users in and out of roles, and many users at once
		[]int{513, 514, 529, 533, 551, 552, 1801, 1802}, // the same by API; roles created and deleted
		[]int{9052},                    // a role updated; the name is read from the order of the published list
		span(600, 602), span(800, 805), // app and its parameters by the console
		span(1300, 1305),                   // app by API
		span(9016, 9019), span(9024, 9027), // rules created, updated, deleted, sorted
	)
}

// proofTypes tell that a role was deleted (1802) or lost an app (2). They are proof of where a lingering group came
// from, however long ago that was.
func proofTypes() []int { return []int{2, 1802} }

func span(from, to int) []int {
	all := make([]int, 0, to-from+1)
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}
