package config

import (
	"strings"
	"testing"
)

// lensed is a connection with an [aws] section of these lines and a target of these.
func lensed(t *testing.T, target, aws string) (Connection, error) {
	t.Helper()
	f, err := Parse([]byte(`
[connections.prod.onelogin]
url = "https://acme.onelogin.com"
client_id = "id"
client_secret = { env = "SECRET" }
app_id = 1
[connections.prod.target]
`+target+`
[connections.prod.aws]
`+aws), "config.toml")
	if err != nil {
		t.Fatal(err)
	}
	return f.Connection(t.Context(), "prod", Sources{Env: func(string) (string, bool) { return "value", true }})
}

const (
	amazon = "url = \"https://scim.eu-west-1.amazonaws.com/TENANT/scim/v2\"\n"
	token  = "token = { env = \"TOKEN\" }\n"
)

func TestLensIsRead(t *testing.T) {
	c, err := lensed(t, amazon+token, `profile = "identity"
identity_store_id = "d-1234567890"
instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"`)
	want := AWS{
		Region: "eu-west-1", Profile: "identity", IdentityStoreID: "d-1234567890",
		InstanceARN: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
	}
	if err != nil || c.AWS != want || !c.AWS.Configured() || c.Guard.ReadOnly {
		t.Errorf("%+v %v", c.AWS, err)
	}
	if c, err = lensed(t, amazon+token, `region = "us-east-1"`); err != nil || c.AWS.Region != "us-east-1" {
		t.Errorf("%+v %v", c.AWS, err)
	}
	if c, err = lensed(t, amazon+token, ""); err != nil || c.AWS.Configured() {
		t.Errorf("an empty section is a lens: %+v %v", c.AWS, err)
	}
}

// Without a token there is nothing to write with; without a lens there is nothing to read with either.
func TestNoTokenIsReadOnly(t *testing.T) {
	c, err := lensed(t, amazon, `profile = "identity"`)
	if err != nil || !c.Guard.ReadOnly || c.Target.Token != "" {
		t.Errorf("%+v %v", c, err)
	}
	if _, err := lensed(t, amazon, ""); err == nil || !strings.Contains(err.Error(), "target.token is missing") {
		t.Error(err)
	}
}

func TestWrongLens(t *testing.T) {
	for lines, says := range map[string]string{
		"region = \"eu-west-1\"\nendpoint = \"http://10.0.0.1/\"":  "aws.endpoint must begin with https://",
		"region = \"eu-west-1\"\nendpoint = \"http://127.0.0.1/\"": "",
		"region = \"eu-west-1\"\nidentity_store_id = \"arn:x/y\"":  "aws.identity_store_id is none; copy it",
	} {
		_, err := lensed(t, amazon+token, lines)
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%s: %v, want %q", lines, err, says)
		}
	}
	if _, err := lensed(t, "dialect = \"generic\"\nurl = \"https://scim.example.com\"\n"+token,
		`region = "us-east-1"`); err == nil || !strings.Contains(err.Error(), "aws.region is for targets") {
		t.Error(err)
	}
	if _, err := lensed(t, "url = \"https://scim.example.com\"\n"+token, `profile = "x"`); err == nil ||
		!strings.Contains(err.Error(), "aws.region is missing") {
		t.Error(err)
	}
}
