// Package sys holds the few words that every resource of weegloo shares: who
// acts ([Actor]), whom a thing belongs to ([Owner]), how one thing names
// another ([Refer]), which languages a Space speaks ([Space], [Locale]), and
// the general errors.
package sys

import (
	"crypto/rand"
	"fmt"
	"time"
)

// Target is the type of the resource that a [Refer] names.
type Target string

// The targets that weegloo itself refers to.
const (
	TargetSpace        Target = "Space"
	TargetOrganization Target = "Organization"
	TargetUser         Target = "User"
	TargetUpload       Target = "Upload"
	TargetMedia        Target = "Media"
	TargetTag          Target = "Tag"
)

// Refer names a resource by type and id.
type Refer struct {
	ID   string `json:"id"`
	Type Target `json:"type"`
}

// Actor is the user on whose behalf a call is made. The host knows its users;
// weegloo only writes their ids down.
type Actor struct {
	ID string `json:"id"`
}

// Refer names the actor as a User.
func (a Actor) Refer() Refer { return Refer{ID: a.ID, Type: TargetUser} }

// Owner is the Space or the Organization that a resource belongs to. It is
// comparable.
type Owner struct {
	Type Target `json:"type"`
	ID   string `json:"id"`
}

// SpaceOwner is the Space with the given id as an owner.
func SpaceOwner(id string) Owner { return Owner{Type: TargetSpace, ID: id} }

// OrganizationOwner is the Organization with the given id as an owner.
func OrganizationOwner(id string) Owner { return Owner{Type: TargetOrganization, ID: id} }

// Refer names the owner.
func (o Owner) Refer() Refer { return Refer{ID: o.ID, Type: o.Type} }

// Valid reports whether o is a Space or an Organization with an id of the
// accepted form.
func (o Owner) Valid() bool {
	return (o.Type == TargetSpace || o.Type == TargetOrganization) && ValidID(o.ID)
}

const maxIDLength = 64

// ValidID reports whether id has the form that is accepted in paths and
// bodies: 1 to 64 of A-Z, a-z, 0-9, "_" and "-" (contract, section 1). It may
// therefore be part of a record key as it is.
func ValidID(id string) bool {
	if id == "" || len(id) > maxIDLength {
		return false
	}
	for i := range len(id) {
		if !idByte(id[i]) {
			return false
		}
	}
	return true
}

func idByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// RandomID is n base-62 characters from the system's secure source. Thirty of
// them, the length of every resource id, are 178 bits: no id is ever made
// twice.
func RandomID(n int) string {
	id := make([]byte, 0, n)
	var random [64]byte
	for len(id) < n {
		rand.Read(random[:]) // never fails, see crypto/rand
		for _, b := range random {
			// Of 256 byte values the last 8 would favour some characters.
			if b < 248 && len(id) < n {
				id = append(id, base62[b%62])
			}
		}
	}
	return string(id)
}

// NewID is a new resource id.
func NewID() string { return RandomID(30) }

// Time is t as weegloo keeps times: UTC, whole milliseconds, no monotonic
// part.
func Time(t time.Time) time.Time { return t.UTC().Round(0).Truncate(time.Millisecond) }

// FormatTime is t in the contract's form: RFC 3339, UTC, exactly three
// fractional digits.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (r Refer) String() string { return fmt.Sprintf("%s(%s)", r.Type, r.ID) }
