package onelogin

import (
	"encoding/json"
	"net/http"
	"slices"
)

// Writing a rule never applies it: it takes effect at the next event of a user or at a reapply in the console
// (https://developers.onelogin.com/api-docs/2/app-rules).

func (s *Server) createRule(c *call, book ruleBook) answer {
	body, ok := decodeObject(c.body)
	if !ok {
		return named(http.StatusBadRequest, "BadRequestError", "The request body must be a JSON object")
	}
	rule, errs := s.checkRule(book, body, nil)
	if len(errs) > 0 {
		return invalid(errs)
	}
	rule.ID = s.w.NextID()
	book.place(rule)
	return respond(http.StatusCreated, map[string]int64{"id": rule.ID})
}

// putRule replaces a rule as a whole: every field is required, and id is not allowed.
func (s *Server) putRule(c *call, book ruleBook) answer {
	i := ruleIndex(*book.rules, c.path("rule"))
	if i < 0 {
		return notFound()
	}
	body, ok := decodeObject(c.body)
	if !ok {
		return named(http.StatusBadRequest, "BadRequestError", "The request body must be a JSON object")
	}
	rule, errs := s.checkRule(book, body, &(*book.rules)[i])
	if len(errs) > 0 {
		return invalid(errs)
	}
	rule.ID = (*book.rules)[i].ID
	book.place(rule)
	return respond(http.StatusOK, map[string]int64{"id": rule.ID})
}

// deleteRule takes a rule away; what it did to users stays.
func (s *Server) deleteRule(c *call, book ruleBook) answer {
	i := ruleIndex(*book.rules, c.path("rule"))
	if i < 0 {
		return notFound()
	}
	*book.rules = slices.Delete(*book.rules, i, i+1)
	book.number()
	return nothing()
}

// sortRules wants a bare array of all ids.
func (s *Server) sortRules(c *call, book ruleBook) answer {
	var list []int64
	if json.Unmarshal(c.body, &list) != nil || list == nil {
		return named(http.StatusBadRequest, "BadRequestError", "Expected array in request")
	}
	if !book.order(list) {
		return invalid([]fieldError{{"ids", []string{"All rule ids are required"}}})
	}
	return respond(http.StatusOK, book.ids())
}

// appRules finds an app's rules for a handler; mappings gives it the tenant's.
func (s *Server) appRules(h func(*call, ruleBook) answer) handler {
	return func(c *call) answer {
		a := s.w.Source.Apps[number(c.path("id"))]
		if a == nil {
			return notFound()
		}
		return h(c, ruleBook{&a.Rules, a})
	}
}

func (s *Server) mappings(h func(*call, ruleBook) answer) handler {
	return func(c *call) answer { return h(c, ruleBook{&s.w.Source.Mappings, nil}) }
}
