package transport

import (
	"strings"
	"testing"
)

func TestErrorsGiveTheirFirstUsefulWords(t *testing.T) {
	for body, want := range map[string]string{
		`{"schemas":["e"],"detail":"Refused to create.","status":"409"}`: "Refused to create.",
		`{"detail":["one","two"],"status":400}`:                          "one; two",
		`{"detail":{"message":"deep"},"message":"flat"}`:                 "flat",
		`{"message":"Missing Authentication Token"}`:                     "Missing Authentication Token",
		`{"error":"invalid_token","error_description":"expired"}`:        "expired",
		`{"detail":"","scimType":"tooMany"}`:                             "tooMany",
		`"just words"`:                                                   "just words",
		`plain  text`:                                                    "plain text",
		`<html><head><title>502 Bad &amp; Gateway</title></head></html>`: "502 Bad & Gateway",
		`<html><script>x()</script><h1>Sign in</h1></html>`:              "",
		`{"detail":"cut o`:                                               "",
		`{}`:                                                             "",
		`null`:                                                           "",

		// OneLogin
		`{"status":{"error":true,"code":404,"type":"Not Found","message":"No Route"}}`: "No Route",
		`{"status":{"error":true,"code":400,"type":"bad request","message":` +
			`{"email":["is taken"]}}}`: `{"email":["is taken"]}`,
		`{"statusCode":404,"name":"NotFoundError",` +
			`"message":"The resource could not be found"}`: "The resource could not be found",
		`{"code":422,"message":"Validation Failed","errors":[{"field":"conditions.[0].value","message":["Invalid ` +
			`condition value: 12345"]}]}`: "Validation Failed; conditions.[0].value: Invalid condition value: 12345",
		`{"status":400,"error":"BadRequestError","description":"Requests can only have cursor xor pagination ` +
			`arguments"}`: "Requests can only have cursor xor pagination arguments",
		`{"error":true,"code":422,"type":"UnprocessableEntityError","message":"flat"}`: "flat",
		`{"message":"odd","errors":{"base":"x"}}`:                                      "odd",
		`{"name":"ForbiddenError"}`:                                                    "ForbiddenError",
		"{\"message\":\"two\\nlines \\u001b[31m\"}":                                    "two lines [31m",
		`<html>502 Bad Gateway</html>`:                                                 "",
		`[]`:                                                                           "",
		``:                                                                             "",
		`{"message":"cut of`:                                                           "",
	} {
		got, page := ErrorMessage([]byte(body))
		if got != want || page != strings.HasPrefix(body, "<") {
			t.Errorf("%s\n got %q, a page: %v\nwant %q", body, got, page, want)
		}
	}
	if got, _ := ErrorMessage([]byte(strings.Repeat("ä", 5000))); len([]rune(got)) != 1001 {
		t.Errorf("%d characters", len([]rune(got)))
	}
}
