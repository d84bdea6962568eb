package processing

import (
	"encoding/binary"

	"github.com/weegloo/weegloo/internal/isobmff"
)

// maxProperties is how many properties of an item are looked at.
const maxProperties = 64

// readProperties is the size of the primary item, after what its properties
// demand. Which ones are its own is said behind all of them.
func (h *heif) readProperties(iprp isobmff.Box) (picture, error) {
	var shared isobmff.Box
	for box, err := range iprp.Boxes() {
		switch {
		case err != nil:
			return picture{}, err
		case box.Type == "ipco":
			shared = box
		case box.Type == "ipma":
			err = h.takeAssociations(box)
		}
		if err != nil {
			return picture{}, err
		}
	}
	of := make([]isobmff.Box, len(h.properties))
	index := uint16(0)
	for property, err := range shared.Boxes() {
		if err != nil {
			return picture{}, err
		}
		index++
		for i, want := range h.properties {
			if want == index {
				of[i] = property
			}
		}
	}
	var p picture
	for _, property := range of {
		if err := p.apply(property); err != nil {
			return picture{}, err
		}
	}
	return p, nil
}

// takeAssociations finds the properties of the primary item.
func (h *heif) takeAssociations(ipma isobmff.Box) error {
	version, flags, rest, err := ipma.Full()
	if err != nil {
		return err
	}
	b, err := rest.At(0, 4)
	if err != nil {
		return err
	}
	count := binary.BigEndian.Uint32(b)
	rest = rest.From(4)
	size := width(flags&1 != 0, 1, 2)
	for range count {
		var id uint32
		if id, rest, err = itemID(rest, version >= 1); err != nil {
			return err
		}
		b, err := rest.At(0, 1)
		if err != nil {
			return err
		}
		n := int(b[0])
		if id == h.primary {
			return h.takeList(rest.From(1), n, size)
		}
		rest = rest.From(1 + int64(n*size))
	}
	return nil
}

// takeList reads numbers of properties of one byte or two, the first bit of
// which says that it must not be ignored.
func (h *heif) takeList(list isobmff.Box, n, size int) error {
	for i := range min(n, maxProperties) {
		b, err := list.At(int64(i*size), size)
		if err != nil {
			return err
		}
		index := uint16(b[0] & 0x7f)
		if size == 2 {
			index = index<<8 | uint16(b[1])
		}
		h.properties = append(h.properties, index)
	}
	return nil
}

// apply does to p what a property demands.
func (p *picture) apply(property isobmff.Box) error {
	switch property.Type {
	case "ispe":
		b, err := property.At(4, 8) // behind version and flags
		if err != nil {
			return err
		}
		p.width, p.height = int64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint32(b[4:]))
	case "clap":
		b, err := property.At(0, 16)
		if err != nil {
			return err
		}
		at := func(i int) int64 { return int64(binary.BigEndian.Uint32(b[i:])) }
		p.crop(at(0), at(4), at(8), at(12))
	case "irot":
		b, err := property.At(0, 1)
		if err != nil {
			return err
		}
		if quarter := b[0]&1 != 0; quarter {
			p.width, p.height = p.height, p.width
		}
	}
	return nil
}

// crop cuts p to a size of two fractions, if that lies within p.
func (p *picture) crop(width, perWidth, height, perHeight int64) {
	if perWidth == 0 || perHeight == 0 {
		return
	}
	width, height = (width+perWidth/2)/perWidth, (height+perHeight/2)/perHeight
	if width >= 1 && height >= 1 && width <= p.width && height <= p.height {
		p.width, p.height = width, height
	}
}
