package optimistic

import (
	"fmt"
	"strconv"

	"github.com/weegloo/weegloo/store"
)

// counters sums up the Adds of a group. Only the one who leads knows the newest
// value of a counter, so this is where Adds that cannot conflict become writes.
type counters struct {
	backend  Backend
	snapshot Snapshot // of what was committed before the group; taken if needed
	values   map[string]int64
}

// add takes in the Adds of one request, all or none.
func (c *counters) add(adds map[string]int64) error {
	for key := range adds {
		if err := c.load(key); err != nil {
			return err
		}
	}
	for key, delta := range adds {
		c.values[key] += delta
	}
	return nil
}

func (c *counters) load(key string) error {
	if _, known := c.values[key]; known {
		return nil
	}
	if c.snapshot == nil {
		snapshot, err := c.backend.Snapshot()
		if err != nil {
			return fmt.Errorf("optimistic: counters: %w", err)
		}
		c.snapshot, c.values = snapshot, make(map[string]int64)
	}
	value, err := store.Counter(c.snapshot, key)
	if err != nil {
		return fmt.Errorf("optimistic: %w", err)
	}
	c.values[key] = value
	return nil
}

func (c *counters) writes() []Write {
	writes := make([]Write, 0, len(c.values))
	for key, value := range c.values {
		writes = append(writes, Write{Key: key, Value: strconv.AppendInt(nil, value, 10), Delete: value == 0})
	}
	return writes
}

func (c *counters) release() {
	if c.snapshot != nil {
		c.snapshot.Release()
	}
}
