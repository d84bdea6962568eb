package sys

import (
	"context"
	"fmt"
)

// Locale is one language of a Space.
type Locale struct {
	// Code names the locale, as in "en-US": 1 to 64 of A-Z, a-z, 0-9, "_", "-".
	Code string

	// Fallback is the code of the locale that answers where this one has no
	// value. Default: none; a default locale plays no automatic role.
	Fallback string
}

// Space is what weegloo must know of a Space: its locales. The first one is
// its default.
type Space struct {
	Locales []Locale
}

// Spaces tells the locales of the Space with the given id. It is called with
// ids of the accepted form only and may be called often and concurrently. An
// error wrapping ErrNotFound says that there is no such Space.
type Spaces func(ctx context.Context, id string) (Space, error)

// Everywhere gives every Space the same locales.
func Everywhere(locales ...Locale) Spaces {
	space := Space{Locales: locales}
	return func(context.Context, string) (Space, error) { return space, nil }
}

// Checked is s with both sides held to their word: it is not asked for an id of
// another form, which is *Missing, and a Space that is not valid is an error.
func (s Spaces) Checked() Spaces {
	return func(ctx context.Context, id string) (Space, error) {
		if !ValidID(id) {
			return Space{}, &Missing{Refer: SpaceOwner(id).Refer()}
		}
		space, err := s(ctx, id)
		if err != nil {
			return Space{}, err
		}
		return space, space.Validate()
	}
}

// Default is the code of the default locale.
func (s Space) Default() string { return s.Locales[0].Code }

// Has reports whether code is one of the Space's locales.
func (s Space) Has(code string) bool {
	_, ok := s.locale(code)
	return ok
}

// Chain is code followed by its fallbacks, in the order in which they are
// asked for a value. It is nil if the Space does not have the locale, and ends
// before a locale would be asked twice.
func (s Space) Chain(code string) []string {
	var chain []string
	for l, ok := s.locale(code); ok && len(chain) < len(s.Locales); l, ok = s.locale(l.Fallback) {
		chain = append(chain, l.Code)
	}
	return chain
}

func (s Space) locale(code string) (Locale, bool) {
	for _, l := range s.Locales {
		if l.Code == code {
			return l, true
		}
	}
	return Locale{}, false
}

// Validate reports what is wrong with the locales: none at all, a code of the
// wrong form or given twice, a fallback that is no locale or leads in a circle.
func (s Space) Validate() error {
	if len(s.Locales) == 0 {
		return fmt.Errorf("sys: a space needs a locale")
	}
	fallbacks := make(map[string]string, len(s.Locales))
	for _, l := range s.Locales {
		if !ValidID(l.Code) {
			return fmt.Errorf("sys: locale code %q", l.Code)
		}
		if _, ok := fallbacks[l.Code]; ok {
			return fmt.Errorf("sys: locale %s is given twice", l.Code)
		}
		fallbacks[l.Code] = l.Fallback
	}
	for _, l := range s.Locales {
		if err := follow(fallbacks, l.Code); err != nil {
			return err
		}
	}
	return nil
}

// follow goes along the fallbacks of a locale to their end.
func follow(fallbacks map[string]string, code string) error {
	steps := 0
	for at := code; fallbacks[at] != ""; at = fallbacks[at] {
		if _, ok := fallbacks[fallbacks[at]]; !ok {
			return fmt.Errorf("sys: locale %s falls back to %q, which the space does not have", at, fallbacks[at])
		}
		if steps++; steps == len(fallbacks) {
			return fmt.Errorf("sys: the fallbacks of locale %s lead in a circle", code)
		}
	}
	return nil
}
