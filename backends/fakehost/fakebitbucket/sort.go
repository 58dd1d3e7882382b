package fakebitbucket

import (
	"cmp"
	"slices"
	"strings"
)

// sorted puts a list in the order of a field; -field is the other way round
// (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#sorting-query-results).
func sorted(list []obj, by string) {
	field, descending := strings.CutPrefix(by, "-")
	path := strings.Split(field, ".")
	value := func(o obj) any {
		if found := lookup(o, path); len(found) > 0 {
			return found[0]
		}
		return nil
	}
	slices.SortStableFunc(list, func(a, b obj) int {
		order, _ := compareValues(value(a), value(b))
		if descending {
			return -order
		}
		return order
	})
}

// compareValues puts two values in order. Null comes before everything else;
// values of different types can't be compared.
func compareValues(a, b any) (order int, comparable bool) {
	if a == nil || b == nil {
		return cmp.Compare(rank(a), rank(b)), true
	}
	switch x := a.(type) {
	case string:
		y, isText := b.(string)
		if from, isTime := parseTime(x); isTime {
			if to, isTime := parseTime(y); isTime {
				return from.Compare(to), true
			}
		}
		return strings.Compare(x, y), isText
	case bool:
		y, isBool := b.(bool)
		return cmp.Compare(rank(x), rank(y)), isBool
	}
	x, isNumber := number(a)
	y, areNumbers := number(b)
	return cmp.Compare(x, y), isNumber && areNumbers
}

// rank orders what has no order of its own: null, false, the rest.
func rank(v any) int {
	switch v {
	case nil:
		return 0
	case false:
		return 1
	}
	return 2
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}
