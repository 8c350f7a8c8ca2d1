package load_test

import "regexp"

// witnesses are the values that something else in a load tells too, so that a wrong one must be noticed.
var witnesses = regexp.MustCompile(`^/api/2/users\?.* (email|firstname|lastname|username|external_id|status|state)$`) //nolint:gochecknoglobals // a constant

func witnessed(key, path, name string) bool { return witnesses.MatchString(key + " " + name) }
