package media

import (
	"fmt"
	"time"
)

// The keys of this package. Ids hold no slash.
//
//	media/<space>/<id>                            a Media
//	media-created/<space>/<milliseconds>/<id>     its place in the default order

func mediaKey(space, id string) string { return "media/" + space + "/" + id }

func createdPrefix(space string) string { return "media-created/" + space + "/" }

// createdSuffix sorts by creation. Thirteen digits last until the year 2286.
func createdSuffix(at time.Time, id string) string {
	return fmt.Sprintf("%013d/%s", max(0, at.UnixMilli()), id)
}

func createdKey(m Media) string {
	return createdPrefix(m.Space) + createdSuffix(m.CreatedAt, m.ID)
}
