package media

import "fmt"

// The table of section 4 of the contract: the version is judged first, then
// the cell of status and command. The order inside a cell decides which reason
// is given, so it is part of the contract.

func (c Create) refusal(m Media) error {
	if m.ID != "" {
		return fmt.Errorf("media: create %s over %s", c.ID, m.ID)
	}
	return nil
}

func (c Save) refusal(m Media) error {
	switch {
	case m.Version != c.Version:
		return ErrStale
	case m.Status() == Archived:
		return ErrArchived
	case m.Busy():
		return ErrBusy
	}
	return nil
}

func (c Publish) refusal(m Media) error {
	if m.Version != c.Version {
		return ErrStale
	}
	return publishable(m)
}

// publishable says why the content of m cannot be published, or nil.
func publishable(m Media) error {
	switch {
	case m.Status() == Archived:
		return ErrArchived
	case m.Busy():
		return ErrBusy
	case m.Failed():
		return ErrFailedFile
	case len(m.File) == 0:
		return ErrNoFile
	}
	return nil
}

func (c Unpublish) refusal(m Media) error {
	switch {
	case m.Version != c.Version:
		return ErrStale
	case m.Status() == Archived:
		return ErrArchived
	case m.Status() == Draft:
		return ErrNotPublished
	case m.Busy():
		return ErrBusy
	}
	return nil
}

func (c Archive) refusal(m Media) error {
	switch {
	case m.Version != c.Version:
		return ErrStale
	case m.Status() != Draft:
		return ErrNotDraft
	case m.Busy():
		return ErrBusy
	}
	return nil
}

func (c Unarchive) refusal(m Media) error {
	switch {
	case m.Version != c.Version:
		return ErrStale
	case m.Status() != Archived:
		return ErrNotArchived
	}
	return nil
}

func (Delete) refusal(m Media) error {
	switch {
	case m.Status() == Published || m.Status() == Changed:
		return ErrLive
	case m.Busy():
		return ErrBusy
	}
	return nil
}

// Results of processing are never refused: one that comes too late is dropped.

func (Start) refusal(Media) error  { return nil }
func (Retry) refusal(Media) error  { return nil }
func (Finish) refusal(Media) error { return nil }
func (Fail) refusal(Media) error   { return nil }
