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
		return errorV2(http.StatusInternalServerError, "InternalServerError",
			"the simulated tenant holds a value that is no JSON ("+err.Error()+"); mend the tenant")
	}
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	return answer{status: status, header: header, body: b.Bytes()}
}

// status is the status object of everything under /auth and /api/1.
func status(isError bool, code int, kind, message string) map[string]any {
	return map[string]any{"error": isError, "code": code, "type": kind, "message": message}
}

// errorV1 is an E1 error.
func errorV1(code int, kind, message string) answer {
	return respond(code, map[string]any{"status": status(true, code, kind, message)})
}

// errorV2 is an E2 error, the usual one under /api/2.
func errorV2(code int, name, message string) answer {
	return respond(code, map[string]any{"statusCode": code, "name": name, "message": message})
}

func notFound() answer {
	return errorV2(http.StatusNotFound, "NotFoundError", "The resource with the given id could not be found")
}

// badPagination is an E4 error: what lists answer to pagination arguments they refuse (terraform-provider-onelogin#197,
// #203).
func badPagination(description string) answer {
	return respond(http.StatusBadRequest, map[string]any{
		"status": http.StatusBadRequest, "error": "BadRequestError", "description": description,
	})
}

// orNull makes the empty string, the zero id and no JSON null, which is how OneLogin shows what is not set.
func orNull[T ~string | ~int64](v T) any {
	var unset T
	if v == unset {
		return nil
	}
	return v
}
