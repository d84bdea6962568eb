package processing

import (
	"encoding/binary"

	"github.com/weegloo/weegloo/internal/ebml"
)

// clusters tell how long a film is whose header does not, such as one that was
// sent while it was made. Of those that say where they end only the first and
// the last are looked into; the others have to be, block by block.
type clusters struct {
	scale       uint64 // nanoseconds in a unit
	time        uint64 // of the cluster, in units
	first, last float64
	known       bool
	open        ebml.Element // the last one that is not looked into yet
}

// take reads an element of the segment, or of a cluster that does not say
// where it ends.
func (c *clusters) take(e ebml.Element) error {
	switch e.ID {
	case idCluster:
		c.open = ebml.Element{}
		if e.Unknown {
			return nil
		}
		c.open = e
		if !c.known {
			return c.takeStart(e)
		}
	case idClusterTime:
		var err error
		c.time, err = e.Uint()
		return err
	case idSimpleBlock:
		return c.takeBlock(e)
	case idBlockGroup:
		return c.takeGroup(e)
	}
	return nil
}

func (c *clusters) takeGroup(group ebml.Element) error {
	for e, err := range group.Elements() {
		if err == nil && e.ID == idBlock {
			err = c.takeBlock(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takeStart reads when a cluster begins.
func (c *clusters) takeStart(cluster ebml.Element) error {
	for e, err := range cluster.Elements() {
		if err != nil {
			return err
		}
		if e.ID == idClusterTime {
			time, err := e.Uint()
			c.include(float64(time))
			return err
		}
	}
	return nil
}

// takeBlock reads when a block is played: so long after its cluster, or before
// it. That stands behind the number of its track, which is of a byte or two.
func (c *clusters) takeBlock(block ebml.Element) error {
	b, err := block.Head(4)
	if err != nil {
		return err
	}
	if short := b[0]&0x80 != 0; short {
		b = b[:3]
	}
	after := int16(binary.BigEndian.Uint16(b[len(b)-2:]))
	c.include(float64(c.time) + float64(after))
	return nil
}

func (c *clusters) include(time float64) {
	if !c.known {
		c.first, c.last, c.known = time, time, true
	}
	c.first, c.last = min(c.first, time), max(c.last, time)
}

// duration is the time from the first block to the last, in seconds.
func (c *clusters) duration() (float64, error) {
	for e, err := range c.open.Elements() {
		if err == nil && e.ID != idCluster { // in which there is none
			err = c.take(e)
		}
		if err != nil {
			return 0, err
		}
	}
	return (c.last - c.first) * float64(c.scale) / 1e9, nil
}
