package processing

import (
	"encoding/binary"

	"github.com/weegloo/weegloo/internal/isobmff"
)

// heifLimits are for the boxes of a picture, of which there is one for each
// tile that it is made of.
var heifLimits = isobmff.Limits{Bytes: readBudget, Boxes: 2048, Depth: 6}

// heif is what the boxes of a picture say.
type heif struct {
	primary    uint32   // the item that is shown
	coding     string   // of the item, or of what it is made of
	properties []uint16 // of the item, from 1, in the order in which they apply
}

// readHEIF reads HEIF and the two kinds of it that say in their names how they
// are coded: HEIC and AVIF. It is as large as its primary item, after cropping
// and turning that; what EXIF says of it has been done to it already.
func readHEIF(file section) (Result, error) {
	whole := isobmff.New(file, file.size, heifLimits)
	for box, err := range whole.Boxes() {
		switch {
		case err != nil:
			return Result{}, err
		case box.Type == "meta":
			return readItems(box)
		case box.Type == "moov":
			return readSequence(box)
		}
	}
	return Result{}, malformed("neither items nor a sequence")
}

// readSequence reads a picture that moves and has no item that stands for it.
func readSequence(moov isobmff.Box) (Result, error) {
	var m movie
	if err := m.take(moov); err != nil {
		return Result{}, err
	}
	for _, t := range m.tracks {
		if t.kind != "pict" && t.kind != "vide" {
			continue
		}
		p := picture{width: t.width, height: t.height}
		if t.turned != m.turned {
			p.orientation = quarterTurn
		}
		return Result{Image: p.displayed()}, p.check()
	}
	return Result{}, malformed("no pictures in the sequence")
}

// quarterTurn is such an orientation of EXIF.
const quarterTurn = 6

func readItems(meta isobmff.Box) (Result, error) {
	if meta.Cut {
		return Result{}, malformed("the items are cut off")
	}
	_, _, boxes, err := meta.Full()
	if err != nil {
		return Result{}, err
	}
	var h heif
	if err := h.findPrimary(boxes); err != nil {
		return Result{}, err
	}
	var p picture
	for box, err := range boxes.Boxes() {
		switch {
		case err != nil:
			return Result{}, err
		case box.Type == "iinf":
			err = h.takeItems(box)
		case box.Type == "iprp":
			p, err = h.readProperties(box)
		}
		if err != nil {
			return Result{}, err
		}
	}
	if err := p.check(); err != nil {
		return Result{}, err
	}
	return Result{Image: p.displayed(), ContentType: h.contentType()}, nil
}

func (h *heif) findPrimary(boxes isobmff.Box) error {
	pitm, found, err := boxes.Find("pitm")
	if err != nil {
		return err
	}
	if !found {
		return malformed("no primary item")
	}
	version, _, rest, err := pitm.Full()
	if err != nil {
		return err
	}
	h.primary, _, err = itemID(rest, version >= 1)
	return err
}

// itemID is the number of an item at the beginning of b, and what stands
// behind it.
func itemID(b isobmff.Box, wide bool) (uint32, isobmff.Box, error) {
	size := width(wide, 2, 4)
	id, err := b.At(0, size)
	switch {
	case err != nil:
		return 0, b, err
	case wide:
		return binary.BigEndian.Uint32(id), b.From(4), nil
	}
	return uint32(binary.BigEndian.Uint16(id)), b.From(2), nil
}

// takeItems finds out how the primary item is coded or, if it is made of
// others, how the first of all is.
func (h *heif) takeItems(iinf isobmff.Box) error {
	version, _, rest, err := iinf.Full()
	if err != nil {
		return err
	}
	for infe, err := range rest.From(int64(width(version > 0, 2, 4))).Boxes() {
		if err != nil {
			return err
		}
		version, _, entry, err := infe.Full()
		if err != nil {
			return err
		}
		if version < 2 {
			continue // of a time when items were files
		}
		id, entry, err := itemID(entry, version > 2)
		if err != nil {
			return err
		}
		b, err := entry.At(2, 4)
		if err != nil {
			return err
		}
		if coding := string(b); codings[coding] != "" && (id == h.primary || h.coding == "") {
			h.coding = coding
		}
	}
	return nil
}

// codings are the types of pictures by the types of their items.
var codings = map[string]string{"hvc1": "image/heic", "av01": "image/avif", "avc1": "image/heif", "jpeg": "image/heif"}

// contentType is none where the items are of a type that is not known.
func (h *heif) contentType() string { return codings[h.coding] }
