package scim

import "net/http"

const (
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	schemaURN     = "urn:ietf:params:scim:schemas:core:2.0:Schema"
	typeURN       = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	configURN     = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
)

// object is a document that is written once and needs no type of its own.
type object = map[string]any

// serviceProviderConfig says what the real one says (developer guide "ServiceProviderConfig"): a page size of 50 and no
// word about cursors, whatever the service does. A client that believes it reads half of the directory.
func (c *call) serviceProviderConfig() (*answer, error) {
	supported := func(yes bool) object { return object{"supported": yes} }
	return &answer{http.StatusOK, object{
		"schemas":          []string{configURN},
		"documentationUri": "https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source-idp.html",
		"authenticationSchemes": []object{{
			"type": "oauthbearertoken", "name": "OAuth Bearer Token",
			"description":      "Authentication scheme using the OAuth Bearer Token Standard",
			"specUri":          "https://www.rfc-editor.org/info/rfc6750",
			"documentationUri": "https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html",
			"primary":          true,
		}},
		"patch":          supported(true),
		"bulk":           object{"supported": false, "maxOperations": 1, "maxPayloadSize": maxBody},
		"filter":         object{"supported": true, "maxResults": 50},
		"changePassword": supported(false),
		"sort":           supported(false),
		"etag":           supported(false),
	}}, nil
}

func (c *call) listResourceTypes() (*answer, error) {
	return everything(
		object{
			"schemas": []string{typeURN}, "id": "User", "name": "User", "endpoint": "/Users", "description": "User Account",
			"schema": userURN, "schemaExtensions": []object{{"schema": enterpriseURN, "required": true}},
			"meta": object{"resourceType": "ResourceType", "location": "/v2/ResourceTypes/User"},
		},
		object{
			"schemas": []string{typeURN}, "id": "Group", "name": "Group", "endpoint": "/Groups", "description": "Group",
			"schema": groupURN, "meta": object{"resourceType": "ResourceType", "location": "/v2/ResourceTypes/Group"},
		},
	), nil
}

func (c *call) listSchemas() (*answer, error) {
	return everything(userSchema(), groupSchema(), enterpriseSchema()), nil
}

// getSchema answers one schema by its URN; an unknown one is a 400, for the operation documents no 404.
func (c *call) getSchema() (*answer, error) {
	for _, schema := range []object{userSchema(), groupSchema(), enterpriseSchema()} {
		if schema["id"] == c.id {
			return &answer{http.StatusOK, schema}, nil
		}
	}
	return nil, invalid("Unknown schema %s", c.id)
}

// everything is a list that has no pages.
func everything(resources ...any) *answer {
	total, first := len(resources), 1
	return &answer{http.StatusOK, listBody{
		TotalResults: &total, ItemsPerPage: total, StartIndex: &first, Schemas: []string{listURN}, Resources: resources,
	}}
}

func userSchema() object {
	contact := func(name string, parts ...object) object { return attribute(name, "complex", "multi", parts...) }
	text := func(name string) object { return attribute(name, "string", "") }
	flag := attribute("primary", "boolean", "")
	return schema(userURN, "User", "User Account",
		attribute("userName", "string", "required unique"),
		attribute("name", "complex", "required", text("formatted"), attribute("familyName", "string", "required"),
			attribute("givenName", "string", "required"), text("middleName"), text("honorificPrefix"), text("honorificSuffix")),
		attribute("displayName", "string", "required"), text("nickName"), text("profileUrl"), text("title"), text("userType"),
		text("preferredLanguage"), text("locale"), text("timezone"), attribute("active", "boolean", ""),
		contact("emails", text("value"), text("type"), flag),
		contact("addresses", text("formatted"), text("streetAddress"), text("locality"), text("region"), text("postalCode"),
			text("country"), text("type"), flag),
		contact("phoneNumbers", text("value"), text("type"), flag),
		contact("roles", text("value"), text("type"), flag),
	)
}

func groupSchema() object {
	return schema(groupURN, "Group", "Group",
		attribute("displayName", "string", "required unique"),
		attribute("members", "complex", "multi", attribute("value", "string", ""), attribute("$ref", "reference", ""),
			attribute("type", "string", "")),
	)
}

func enterpriseSchema() object {
	text := func(name string) object { return attribute(name, "string", "") }
	return schema(enterpriseURN, "EnterpriseUser", "Enterprise User",
		text("employeeNumber"), text("costCenter"), text("organization"), text("division"), text("department"),
		attribute("manager", "complex", "", text("value"), attribute("$ref", "reference", "")),
	)
}

func schema(urn, name, description string, attributes ...object) object {
	return object{
		"schemas": []string{schemaURN}, "id": urn, "name": name, "description": description, "attributes": attributes,
		"meta": object{"resourceType": "Schema", "location": "/v2/Schemas/" + urn},
	}
}

// attribute describes one attribute; kind is "", "multi", "required" or "required unique".
func attribute(name, of, kind string, parts ...object) object {
	uniqueness := "none"
	if kind == "required unique" {
		uniqueness = "server"
	}
	a := object{
		"name": name, "type": of, "multiValued": kind == "multi", "required": kind == "required" || kind == "required unique",
		"caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": uniqueness,
	}
	if len(parts) > 0 {
		a["subAttributes"] = parts
	}
	return a
}
