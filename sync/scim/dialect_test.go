package scim

import (
	"reflect"
	"testing"
)

// How a habit is met.
const (
	byDefence   = "a defence that holds for every target"
	byProbe     = "a question whose answer tells"
	byDiscovery = "what the target announces"
	// byField is for what divides the dialects; the row names the field of dialect.
	byField = "a field of dialect"
)

// habit is one way in which targets differ from the standard or from each other.
type habit struct {
	name string
	// seen is who was seen with it.
	seen string
	met  string
	// field is named where it is one of dialect.
	field string
	// proof is the test that fails when the habit is no longer met.
	proof func(*testing.T)
}

// habits are all that this package lives with: what is met by a field stands in dialect.go, what is met otherwise in
// the code that the proof runs through.
func habits() []habit {
	const (
		aws     = "AWS IAM Identity Center"
		elimity = "github.com/elimity-com/scim"
		scimmy  = "scimmy and scimmy-routers"
		wild    = "servers in the wild"
	)
	return []habit{
		{"its discovery documents are wrong", aws, byField, "hasDiscovery", TestAWSIsNeverAskedWhereItKeepsItsRecords},
		{
			"an empty list of members in every group", aws, byField, "membersInGroups",
			TestAWholeDirectoryTakesTheLeastRequests,
		},
		{
			"lists are cut, and the total counts what is left", aws, byField, "silentCut",
			TestCapabilitiesOfBothGenerations,
		},
		{"no rate is documented", wild, byField, "rateShare", TestNoLimitIsKeptWhereNoneIsDocumented},
		{
			"one 401 for an old, a deleted and another tenant's token", aws, byField, "tokenRefused",
			TestReasonsNameTheCause,
		},
		{"filters are refused or ignored", elimity + "; " + scimmy, byField, "filtersUnreliable", TestGenericLookups},
		{
			"an invalid filter is a 500 with a traceback in detail", wild, byField, "filtersUnreliable",
			TestAFilterThatCrashesIsDoneWithout,
		},
		{
			"a remove with a list of values takes all members out", elimity, byField, "removeByPath",
			TestAThirdPartyServerTakesWhatIsWritten,
		},
		{
			"an address cannot be replaced by its own value", scimmy, byField, "replacesMails",
			TestAnEMailIsChangedAmongTheOthers,
		},
		{"no more than 100 members at once", aws, byDefence, "", TestMembersGoInHundreds},
		{"attributes that may not be empty", aws, byField, "filled", TestWhatCannotBeWordedIsAnError},

		{"cursors that nothing announces", aws, byProbe, "", TestTheProbeFindsTheStyleOnceForBothLists},
		{"a filter for members matches nothing", elimity, byProbe, "", TestTheGroupsOfAUserAtOtherServers},
		{
			"a filter for members is ignored and lists everybody", wild, byProbe, "",
			TestAFilterThatIsIgnoredIsNotBelieved,
		},
		{
			"a filter by members crashes or is refused", elimity + "; " + scimmy, byProbe, "",
			TestTheGroupsOfAUserAtOtherServers,
		},
		{
			"members are in lists, in single groups or in users only",
			"FusionAuth/fusionauth-issues 2784; @boxyhq/saml-jackson 26.2; RFC 7643 section 4.1.2", byProbe, "",
			TestMembersAreFoundWhereverTheServerShowsThem,
		},

		{"cursors (RFC 9865)", "RFC 9865", byDiscovery, "", TestCursorsAreUsedWhereOffered},
		{
			"more rows than maxResults or maxPageSize are refused", "RFC 7643 section 5; RFC 9865", byDiscovery, "",
			TestNoMoreIsAskedForThanIsAnnounced,
		},
		{"no PATCH", "RFC 7644 section 3.5.2", byDiscovery, "", TestWhatTheTargetOffersIsFoundOutBefore},
		{"versions of records", "RFC 7644 section 3.14", byDiscovery, "", TestAVersionIsWaitedForWhereTheTargetHasThem},
		{
			"records at other endpoints", "RFC 7643 section 6", byDiscovery, "",
			TestEverythingIsAskedWhereTheTargetKeepsIt,
		},
		{
			"fields that are never returned", "RFC 7643 section 7", byDiscovery, "",
			TestFieldsThatTheTargetCannotReturnNeverCount,
		},

		{"a gateway's 404 looks like an absent record", aws, byDefence, "", TestA404CountsInSCIMsWordsOrWithAControl},
		{
			"a page, or nothing, in place of a 404 with words", wild, byDefence, "",
			TestA404CountsInSCIMsWordsOrWithAControl,
		},
		{"400 where schemas is missing", elimity, byDefence, "", TestAThirdPartyServerTakesWhatIsWritten},
		{
			"204 without a body for every PATCH", "RFC 7644 section 3.5.2", byDefence, "",
			TestAThirdPartyServerTakesWhatIsWritten,
		},
		{
			"a member who is added twice stands there twice", elimity + "; " + scimmy, byDefence, "",
			TestAThirdPartyServerIsReadWhole,
		},
		{
			"startIndex and count are ignored", scimmy + " under Express 5", byDefence, "",
			TestAServerThatIgnoresStartIndexIsBelievedOnlyWhereItCannotHaveCut,
		},
		{
			"the first page comes again past the end", scimmy, byDefence, "",
			TestAListOfOnePageIsWholeThoughTheFirstPageComesAgainPastTheEnd,
		},
		{
			"20 rows a page; the total counts this page", scimmy + "; " + wild, byDefence, "",
			TestGenericServersOfEveryHabitAreReadWhole,
		},
		{
			"the total changes while the pages are read", "Infisical/infisical 6554; wso2/product-is 9957", byDefence,
			"",
			TestAMovingListIsWalkedAgain,
		},
		{"a cursor runs out", "RFC 9865", byDefence, "", TestACursorThatRanOutStartsTheListAgain},
		{"filters compare with regard to case", scimmy, byDefence, "", TestGenericLookups},
		{"two groups of one name", "RFC 7643 section 4.2", byDefence, "", TestOneOfTwoGroupsOfANameIsNotChosen},
		{
			"members of a deleted user stay; unknown members are taken", wild, byDefence, "",
			TestMembersWhoAreGoneCountForNobody,
		},
		{"detail is an array, scimType a word of their own", wild, byDefence, "", TestARefusalIsQuotedWhateverItsShape},
		{`emails[type eq "work"] is refused`, wild, byDefence, "", TestNoWriteFindsAnAddressByItsType},
		{"a POST on discovery is no 405", wild, byDefence, "", TestReadingAsksAndNeverWrites},
		{
			"ids of 32 hex digits, numbers for text, words for booleans", wild, byDefence, "",
			TestUsersOfEveryShapeAreRead,
		},
		{
			"members without a type, told from groups by $ref", "RFC 7643 section 4.2", byDefence, "",
			TestMembersOfEveryShapeAreRead,
		},
	}
}

// TestEveryChoiceOfADialectHasItsHabit keeps table and code together: each field of dialect has a row that says who
// needs it, and each row that names a field names one that is there.
func TestEveryChoiceOfADialectHasItsHabit(t *testing.T) {
	wanted := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[dialect]()) {
		wanted[f.Name] = false
	}
	names := map[string]bool{}
	for _, h := range habits() {
		if names[h.name] || h.seen == "" || h.proof == nil || (h.met == byField) != (h.field != "") {
			t.Errorf("%q: twice, or without who, how or proof", h.name)
		}
		names[h.name] = true
		if h.field == "" {
			continue
		}
		if _, is := wanted[h.field]; !is {
			t.Errorf("%q: dialect has no field %s", h.name, h.field)
		}
		wanted[h.field] = true
	}
	for field, named := range wanted {
		if !named {
			t.Errorf("nobody is said to need %s", field)
		}
	}
}
