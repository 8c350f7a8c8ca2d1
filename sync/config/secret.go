package config

import (
	"fmt"
	"io/fs"
	"regexp"
	"runtime"
	"strings"
)

// looksLikeVariable is short on purpose: OneLogin's secrets have 64 hexadecimal digits, SCIM tokens hundreds of characters.
var looksLikeVariable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,47}$`)

// secret resolves a value that is a string or { env = "NAME" }. literal reports whether it stood in the file.
func secret(key string, value any, env func(string) string) (text string, literal bool, err error) {
	switch v := value.(type) {
	case nil:
		return "", false, fmt.Errorf(`%s is missing; set a string or { env = "NAME" }`, key)
	case string:
		if v == "" {
			return "", false, fmt.Errorf(`%s is empty; set a string or { env = "NAME" }`, key)
		}
		return v, true, nil
	case map[string]any:
		name, ok := v["env"].(string)
		if !ok || len(v) != 1 || name == "" {
			return "", false, fmt.Errorf(`%s must be a string or { env = "NAME" }`, key)
		}
		if !looksLikeVariable.MatchString(name) {
			// Not shown: somebody who pastes the secret itself here must not find it in a log.
			return "", false, fmt.Errorf("%s names an environment variable that cannot exist; write its name, such as ONELOGIN_CLIENT_SECRET", key)
		}
		text := strings.TrimRight(env(name), "\r\n") // a variable set from a file often ends with its line break
		if text == "" {
			return "", false, fmt.Errorf("%s comes from the environment variable %s, which is not set; set it", key, name)
		}
		return text, false, nil
	default:
		return "", false, fmt.Errorf(`%s must be a string or { env = "NAME" }`, key)
	}
}

// readableByOthers: group or world may read the file. Windows has no such bits; its own rights hold there.
func readableByOthers(info fs.FileInfo) bool {
	const others = 0o044
	return runtime.GOOS != "windows" && info.Mode().Perm()&others != 0
}
