package scim

// The dialects.
const (
	AWS     = "aws"
	Generic = "generic"
)

// dialect is every choice that a dialect forces on reading and writing: there is no other place in this package where
// one is told from another. What single servers of the generic dialect do beside the standard is met by defences that
// hold for all of them; dialect_test.go lists each with the server that shows it and the test that proves it.
type dialect struct {
	// hasDiscovery: ServiceProviderConfig, ResourceTypes and Schemas are asked for what the target can do (RFC 7644
	// section 4). AWS's own document knows no cursors and names the wrong page size
	// (docs.aws.amazon.com/singlesignon/latest/developerguide/serviceproviderconfig.html).
	hasDiscovery bool
	// membersInGroups: members stand in the record of their group, or where else RFC 7643 has them. AWS sends an empty
	// list for every group and tells members by filters only
	// (docs.aws.amazon.com/singlesignon/latest/developerguide/getgroup.html, listusers.html, listgroups.html).
	membersInGroups bool
	// silentCut is the least number of rows at which a list without cursor may end before all were shown, with a total
	// that counts no more than the rows; 0 where totals are what RFC 7644 section 3.4.2 makes them. AWS cuts at 50 rows
	// in its old generation, at 100 in the new (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html).
	silentCut int
	// filtersUnreliable: a filter by a name may be refused, crash or be ignored (github.com/elimity-com/scim panics,
	// SCIMMY answers 400); then the list is walked. AWS documents its filters
	// (docs.aws.amazon.com/singlesignon/latest/developerguide/listusers.html).
	filtersUnreliable bool
	// tokenRefused is what a 401 can mean and where to look. AWS gives one answer for all three
	// (docs.aws.amazon.com/singlesignon/latest/developerguide/listusers.html).
	tokenRefused string
	// rateShare is Options.RateShare where nobody set it. Only AWS documents a rate
	// (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html).
	rateShare float64
	// removeByPath: every member is taken out by a path of its own. RFC 7644 section 3.5.2.2 knows no list of values
	// beside a remove, so that a server that goes by it, such as github.com/elimity-com/scim, takes all members out.
	// AWS takes ids as values; that it takes paths too was seen in one client only.
	removeByPath bool
	// replacesMails: an e-mail is changed by writing the list of all of them. RFC 7644 section 3.5.2.3 lets a path find
	// the address by its value, but a server that takes the old value out before it puts the new one in, such as
	// SCIMMY, finds nothing the second time and refuses.
	replacesMails bool
	// filled are the attributes that may not be empty; for AWS they are in
	// docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html.
	filled []string
}

func dialects() map[string]dialect {
	return map[string]dialect{
		AWS: {
			silentCut: legacyPageSize, rateShare: 0.5,
			tokenRefused: "it has expired after its year, or was deleted, or the tenant id in the URL is wrong; " +
				"compare URL and token with IAM Identity Center > Settings > Automatic provisioning",
			filled: []string{"userName", "displayName", "name.givenName", "name.familyName"},
		},
		Generic: {
			hasDiscovery: true, membersInGroups: true, filtersUnreliable: true, removeByPath: true, replacesMails: true,
			rateShare: Unlimited,
			tokenRefused: "it has expired, was deleted, or belongs to another tenant; check the URL and make a " +
				"new token",
			filled: []string{"userName", "displayName"},
		},
	}
}
