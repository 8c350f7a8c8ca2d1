package onelogin

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// answer is a whole response, made under the world's lock and written after it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func respond(status int, v any) answer {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return named(http.StatusInternalServerError, "InternalServerError",
			"the simulated tenant holds a value that is no JSON ("+err.Error()+"); mend the tenant")
	}
	return answer{status: status, header: jsonHeader(), body: b.Bytes()}
}

func jsonHeader() http.Header {
	return http.Header{"Content-Type": {"application/json; charset=utf-8"}}
}

func nothing() answer { return answer{status: http.StatusNoContent, header: http.Header{}} }

// statusBlock is the status object of everything under /auth and /api/1: error shape E1 when Error is true.
type statusBlock struct {
	Error   bool   `json:"error"`
	Code    int    `json:"code"`
	Type    string `json:"type"`
	Message string `json:"message"`
}

func success() statusBlock {
	return statusBlock{Code: http.StatusOK, Type: "success", Message: "Success"}
}

// wrapped is an E1 error.
func wrapped(code int, kind, message string) answer {
	return respond(code, map[string]any{"status": statusBlock{Error: true, Code: code, Type: kind, Message: message}})
}

// named is an E2 error, the usual one under /api/2.
func named(code int, name, message string) answer {
	return respond(code, struct {
		StatusCode int    `json:"statusCode"`
		Name       string `json:"name"`
		Message    string `json:"message"`
	}{code, name, message})
}

func notFound() answer {
	return named(http.StatusNotFound, "NotFoundError", "The resource with the given id could not be found")
}

func unprocessable(message string) answer {
	return named(http.StatusUnprocessableEntity, "UnprocessableEntityError", message)
}

// badPage is an E4 error: what lists answer to pagination arguments they refuse (terraform-provider-onelogin#197, #203).
func badPage(description string) answer {
	return respond(http.StatusBadRequest, struct {
		Status      int    `json:"status"`
		Error       string `json:"error"`
		Description string `json:"description"`
	}{http.StatusBadRequest, "BadRequestError", description})
}

// orNull makes the empty string null, which is how OneLogin shows what is not set.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// idOrNull makes the zero id null.
func idOrNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
