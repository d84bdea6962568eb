package upload

import (
	"strings"

	"github.com/weegloo/weegloo/internal/due"
	"github.com/weegloo/weegloo/sys"
)

// The keys of this package:
//
//	upload/<owner type>/<owner id>/<id>   an Upload
//	blob/<blob key>                       a Blob
//	holder/<blob key>/<record key>        who holds it
//
// The owner is part of the key, so a foreign Upload is not found rather than
// found and refused.

func uploadKey(owner sys.Owner, id string) string {
	return "upload/" + ownerPath(owner, id)
}

func blobKey(key string) string { return "blob/" + key }

func holderKey(key, holder string) string { return "holder/" + key + "/" + holder }

func ownerPath(owner sys.Owner, id string) string {
	return string(owner.Type) + "/" + owner.ID + "/" + id
}

// holder is how an Upload is named among the holders of its blob.
func holder(u Upload) string { return uploadKey(u.Owner, u.ID) }

// The kinds of background work of this package.
const (
	kindExpire     due.Kind = "upload-expire" // id: owner type/owner id/upload id
	kindDeleteBlob due.Kind = "blob-delete"   // id: blob key
)

func expireID(u Upload) string { return ownerPath(u.Owner, u.ID) }

// parseExpireID is the inverse of expireID.
func parseExpireID(id string) (owner sys.Owner, upload string, ok bool) {
	parts := strings.Split(id, "/")
	if len(parts) != 3 {
		return sys.Owner{}, "", false
	}
	return sys.Owner{Type: sys.Target(parts[0]), ID: parts[1]}, parts[2], true
}
