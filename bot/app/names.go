package app

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/usher-dev/usher/core/access"
	"github.com/usher-dev/usher/core/engine"
	"github.com/usher-dev/usher/core/runtime"
)

// everything reads all packages of a tenant with what belongs to them, and the
// settings.
func everything(ctx context.Context, r *runtime.Runtime, t access.TenantID) (engine.World, error) {
	const page = 1000
	var all []access.PackageID
	for after := access.PackageID(""); ; after = all[len(all)-1] {
		_, some, err := r.Packages(ctx, t, "", after, page)
		if err != nil {
			return engine.World{}, err
		}
		all = append(all, some...)
		if len(some) < page {
			return r.World(ctx, t, all...)
		}
	}
}

// namesIn finds every name of a kind in definitions, sorted, each once:
// wherever a type of definitions holds a T, it counts.
func namesIn[T ~string](definitions any) []T {
	var found []T
	collect(reflect.ValueOf(definitions), &found)
	slices.Sort(found)
	return slices.Compact(found)
}

func collect[T ~string](v reflect.Value, found *[]T) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[T]() && v.String() != "" {
			*found = append(*found, T(v.String()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			collect(v.Elem(), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			collect(v.Field(i), found)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			collect(v.Index(i), found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			collect(v.MapIndex(key), found)
		}
	}
}

// within are the names that belong to a chat.
func within[T ~string](names []T, chat string) []T {
	var own []T
	for _, n := range names {
		if strings.HasPrefix(string(n), chat+"/") {
			own = append(own, n)
		}
	}
	return own
}
