package config

import "strings"

// Key is one key of the file, for the reference and for show.
type Key struct {
	// Path is the dotted path, with NAME for the connection's name.
	Path string
	// Default is what holds without the key, in words or as it would be written; "needed" where there is none.
	Default string
	// Meaning is Markdown.
	Meaning string
}

const anyConnection = "connections.NAME."

// SecretForms are the ways in which a secret may be written, and where it comes from then.
func SecretForms() []Key {
	return []Key{
		{Path: `{ env = "NAME" }`, Meaning: "an environment variable"},
		{
			Path: `{ command = ["op", "read", "…"] }`,
			Meaning: "what a command prints, without the line break at its end. There is no shell; it has a minute; " +
				"if it fails, its exit status is reported and its output is not",
		},
		{Path: `{ keyring = "scimdrift/prod" }`, Meaning: "the keyring of the system. scimdrift login puts it there " +
			"without showing it " +
			"(or reads standard input), scimdrift logout removes it. A machine without a keyring says so"},
		{Path: `"…"`, Meaning: "the file itself, which is refused if others can read it"},
	}
}

// Reference lists every key of the file in the order of the documentation, for scimdrift help configuration.
func Reference() []Key {
	own := func(path, fallback, meaning string) Key { return Key{anyConnection + path, fallback, meaning} }
	return []Key{
		{"default_connection", "the only one", "the connection to use where neither `--connection` nor " +
			"`SCIMDRIFT_CONNECTION` names one"},
		{"views", "none", "`[[views]]` tables, each with a `name` and a `filter` of the filter language, such as " +
			"`sev:high by:maya`: each is a further tab of the board"},

		{"ui.handoff_deadline", `"10m"`, "how long a repair that somebody makes in OneLogin's console is watched, " +
			"from `10s` to `24h`"},
		{"ui.watch", `"off"`, "how often the board looks at both sides again in the background, from `1m` to `24h`; " +
			"`W` begins and ends it, `--watch` does so for one call"},
		{"ui.notify", `"critical"`, "the least severity of a new finding for which a watch rings the bell and sends " +
			"the terminal's notification: `critical` or `high`; `off` does neither"},
		{"ui.plain", "false", "for screen readers: the board in words, one fact a line, nothing that moves by " +
			"itself; `init` asks line by line"},
		{"ui.mouse", "true", "`false` leaves the mouse to the terminal, so that it selects text as usual"},

		{"ui.theme", `"auto"`, "`auto`, `dark`, `light` or `mono`, or a table of colours by role, such as `{ high = " +
			"\"#ff8800\" }`: " +
			"a colour is a name such as `bright-red`, a number from 0 to 255, or `#rrggbb`; `auto` asks the terminal"},
		{"ui.keys", "none", "keys for actions of the board in place of their own ones, such as `reload = [\"R\", " +
			"\"f5\"]`; `scimdrift help keys` lists the actions"},

		own("accent", "none", "the frame's colour, one of the terminal's 16 such as `red` or `bright-blue`, so that "+
			"prod looks like prod"),
		own("read_only", "false", "refuse every write; `--read-only` does so for one call"),

		own("remember", "true", "keep what was last known of it on disk, readable by you alone, so that the board "+
			"opens on it and `--last` answers from it. `false` keeps only sizes, digests, and counts of the "+
			"findings, which the guard needs"),

		own("onelogin.url", "needed", "the account's address, `https://SUBDOMAIN.onelogin.com`"),
		own("onelogin.console_url", "`url`", "the account's address where `url` is a regional API host such as "+
			"`https://api.eu.onelogin.com`, which has no console to link to"),
		own("onelogin.client_id", "needed", "the API credential's id"),
		own("onelogin.client_secret", "needed", "the API credential's secret, in one of the forms above"),
		own("onelogin.app_id", "needed", "the app, by the number in its address in the console"),
		own("onelogin.app_name", "none", "in place of `app_id`: a glob, without regard to case, that fits exactly one "+
			"app's name"),
		own("onelogin.skip", "none", "parts not to read: `\"rules\"`, `\"events\"`"),
		own("onelogin.nudge_attribute", "none", "a custom user attribute that may be written to make OneLogin act; "+
			"without it there is no nudge"),
		own("onelogin.rate_share", "0.5", "the share of the account's 5,000 calls an hour to use, above 0 and "+
			"at most 1"),

		own("target.dialect", `"aws"`, "`aws`, or `generic` for any other SCIM 2.0 target"),
		own("target.url", "needed", "the SCIM endpoint, with or without a slash at its end (OneLogin's own *SCIM "+
			"Base URL* needs it without)"),
		own("target.token", "needed", "its bearer token, in one of the forms above; with the AWS lens it may be left "+
			"out, and nothing can be written then"),
		own("target.token_expires", "the token's own date, if it has one", "the day on which the token ends, such as "+
			"`2027-08-01`, as the target's console shows it: `doctor` warns from 30 days before, the board from 7"),
		own("target.ca_file", "the system's", "certificate authorities (PEM) of a private target, in place of the "+
			"system's; relative to the folder of this file"),
		own("target.write", `"auto"`, "how a `generic` target's records are changed: `patch`, `put`, or `auto`, "+
			"which does what the target says of itself. `put` is for one that refuses a PATCH which a repair needs, "+
			"such as the removal of one member: the whole record is written, only if nobody has changed it since the "+
			"plan"),
		own("target.skip", "none", "parts not to read: `\"groups\"`, for a `generic` target that has no groups: its "+
			"users alone are compared then"),
		own("target.rate_share", "0.5 for AWS, no limit for a `generic` target", "the share of AWS's 40 reads a "+
			"second to use; 100 or more is no limit"),

		own("aws.region", "the one in `target.url`", "the region of IAM Identity Center"),
		own("aws.profile", "AWS's default chain", "the profile whose credentials are used"),
		own("aws.identity_store_id", "asked for", "the identity store, `d-…`"),
		own("aws.instance_arn", "asked for", "the instance, `arn:aws:sso:::instance/ssoins-…`"),
		own("aws.endpoint", "AWS's own", "another address for AWS's APIs, for tests"),

		own("groups.from", `"auto"`, "where the expected groups come from: `rules`, `roles`, or `auto`, which takes "+
			"the rules, and the roles (findings `likely` at most, nothing deleted) while rules cannot be read"),
		own("groups.roles", "every granting role",
			"by roles: which roles become groups (RE2, unanchored); needed with `from = \"roles\"`"),
		own("groups.name", "the role's name", "by roles: the group's name, an expansion of what `groups.roles` "+
			"matches such as `$1`"),
		own("groups.ignore", "none", "globs, without regard to case: groups on either side that are none of our "+
			"business"),

		own("users.user_name", "the app's mapping, else `email`", "the OneLogin field that is sent as userName"),
		own("users.compare", "all five", "compared attributes: `displayName`, `name.givenName`, `name.familyName`, "+
			"`emails`, `active`"),

		own("guard.max_deletes", "10", "most deletes and deactivations of a plan and of a day"),
		own("guard.max_removals", "200", "most memberships and assignments removed"),
		own("guard.max_grants", "200", "most steps that can give access"),
		own("guard.max_delete_percent", "20", "most of a type's records that are taken, in percent, from 10 up"),
		own("guard.protect_groups", "none", "globs: groups that are never written to"),
		own("guard.protect_users", "none", "globs: users, by userName, that are never written to"),
	}
}

// Split parts a key from its table, which is empty for a key at the top.
func (k Key) Split() (table, name string) {
	if i := strings.LastIndex(k.Path, "."); i >= 0 {
		return k.Path[:i], k.Path[i+1:]
	}
	return "", k.Path
}

// literal reports whether a default is a value as it would be written, and no words.
func literal(value string) bool {
	return value == "true" || value == "false" || strings.HasPrefix(value, `"`) ||
		strings.Trim(value, "0123456789.") == ""
}
