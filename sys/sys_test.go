package sys_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/sys"
)

func TestValidIDAcceptsWhatIsSafeInKeysAndPaths(t *testing.T) {
	for id, valid := range map[string]bool{
		"a": true, "Z": true, "0": true, "_": true, "-": true, "en-US": true, "__proto__": true,
		strings.Repeat("a", 64): true,
		"":                      false,
		strings.Repeat("a", 65): false,
		"a/b":                   false, "a.b": false, "..": false, "a b": false, "a%": false, "a\x00": false, "é": false, "a\n": false, "@": false,
		"[": false, "`": false, "{": false, ":": false, "a\xff": false,
	} {
		t.Run(id, func(t *testing.T) {
			is := is.New(t)
			is.Equal(sys.ValidID(id), valid)
		})
	}
}

func TestOnlySpacesAndOrganizationsOwn(t *testing.T) {
	is := is.New(t)
	is.True(sys.SpaceOwner("a").Valid())
	is.True(sys.OrganizationOwner("a").Valid())
	is.True(!sys.SpaceOwner("").Valid())
	is.True(!sys.SpaceOwner("a/b").Valid())
	is.True(!sys.Owner{}.Valid())
	is.True(!sys.Owner{Type: sys.TargetUser, ID: "a"}.Valid())
	is.Equal(sys.OrganizationOwner("a").Refer(), sys.Refer{ID: "a", Type: sys.TargetOrganization})
	is.Equal(sys.Actor{ID: "a"}.Refer().String(), "User(a)")
}

func TestNewIDsAreThirtyCharactersAndDiffer(t *testing.T) {
	is := is.New(t)
	seen := map[string]bool{}
	used := map[rune]bool{}
	for range 1000 {
		id := sys.NewID()
		is.Equal(len(id), 30)
		is.True(sys.ValidID(id))
		is.True(!seen[id]) // never made twice
		seen[id] = true
		for _, r := range id {
			used[r] = true
		}
	}
	is.Equal(len(used), 62) // all of base 62, and nothing else
	is.Equal(len(sys.RandomID(43)), 43)
	is.Equal(len(sys.RandomID(100)), 100) // more than one read of the source
	is.Equal(sys.RandomID(0), "")
}

func TestTimesAreWholeMillisecondsOfUTC(t *testing.T) {
	is := is.New(t)
	seoul := time.FixedZone("KST", 9*3600)
	at := time.Date(2026, 6, 18, 13, 51, 53, 903_999_999, seoul)
	is.Equal(sys.Time(at), time.Date(2026, 6, 18, 4, 51, 53, 903e6, time.UTC))
	is.Equal(sys.FormatTime(at), "2026-06-18T04:51:53.903Z")
	is.Equal(sys.FormatTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)), "2026-01-02T03:04:05.000Z")
	now := time.Now()
	is.Equal(sys.Time(now), sys.Time(now.Round(0))) // the monotonic part is gone
}

func TestAReasonIsItsGeneralErrorToo(t *testing.T) {
	is := is.New(t)
	reason := sys.NewReason(sys.ErrState, "it sleeps")
	is.Equal(reason.Error(), "it sleeps")
	is.True(errors.Is(reason, sys.ErrState))
	is.True(!errors.Is(reason, sys.ErrConflict))
	is.True(!errors.Is(reason, sys.NewReason(sys.ErrState, "it sleeps"))) // each is its own
}

func TestMissingNamesTheResource(t *testing.T) {
	is := is.New(t)
	err := error(&sys.Missing{Refer: sys.Refer{ID: "3trm", Type: sys.TargetMedia}})
	is.Equal(err.Error(), "Media(3trm) has been deleted or does not exist")
	is.True(errors.Is(err, sys.ErrNotFound))
}

func TestCheckCollectsProblems(t *testing.T) {
	is := is.New(t)
	var check sys.Check
	is.NoErr(check.Err())
	reason := sys.NewReason(sys.ErrInvalid, "not a map")
	check.Add(reason, sys.Pointer("fields", "a/b~c"), "is %s", "wrong")
	check.Add(sys.ErrInvalid, "/other", "too")
	err := check.Err()
	is.True(errors.Is(err, reason)) // the first one's reason
	is.True(errors.Is(err, sys.ErrInvalid))
	is.Equal(err.Error(), "/fields/a~1b~0c: is wrong; /other: too")
	var invalid *sys.Invalid
	is.True(errors.As(err, &invalid))
	is.Equal(invalid.Problems, []sys.Problem{{Path: "/fields/a~1b~0c", Message: "is wrong"}, {Path: "/other", Message: "too"}})
}
