package invariant

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/weegloo/weegloo/upload"
)

// records: what belongs to nobody was left by somebody.
func (f *finding) records() {
	for _, key := range f.unknown {
		f.add("M7", "record %q belongs to nothing", key)
	}
}

func (f *finding) uploads() {
	for _, key := range slices.Sorted(maps.Keys(f.state.uploads)) {
		u := f.state.uploads[key]
		f.expect(key == uploadKey(u), "U1", "%s holds %s", key, u.ID)
		f.expect(!f.Idle || f.Now.Before(u.ExpiresAt) || f.claimed("upload-expire", ownerPath(u)), "U3",
			"%s has expired and is still there", u.ID)
		f.expect(f.expires(u), "U3", "nothing will end %s", u.ID)
		if u.Receiving {
			continue
		}
		f.expect(u.ExpiresAt.Equal(u.CreatedAt.Add(f.UploadTTL)), "U3", "%s lives from %v to %v", u.ID, u.CreatedAt, u.ExpiresAt)
		blob := f.blob[u.Blob]
		f.expect(u.Size > 0 && u.Size == blob.Size && blob.Size == f.bytes[u.Blob].size, "U2",
			"%s of %d bytes, of %d by its record, of %d in truth", u.ID, u.Size, blob.Size, f.bytes[u.Blob].size)
	}
}

// expires reports whether there is an item that ends u. One that was claimed
// and not done comes back at any time.
func (f *finding) expires(u upload.Upload) bool {
	return slices.ContainsFunc(f.due, func(it item) bool {
		return it.kind == "upload-expire" && it.id == ownerPath(u) && (it.attempt > 0 || it.at.Equal(u.ExpiresAt))
	})
}

// blobs are the rules about who owns which bytes.
func (f *finding) blobs() {
	really := f.owners()
	for _, key := range slices.Sorted(maps.Keys(f.blob)) {
		b := f.blob[key]
		f.expect(b.Key == key, "G1", "the record of %s is that of %s", key, b.Key)
		f.expect(len(really[key]) > 0, "G2", "the record of %s has no owner", key)
		if b.SHA256 != "" {
			is := content{b.Size, b.SHA256}
			f.expect(f.bytes[key] == is, "G1", "the record of %s says %v, the bytes are %v", key, is, f.bytes[key])
		}
	}
	for _, key := range union(really, f.holders) {
		slices.Sort(really[key])
		f.expect(slices.Equal(really[key], f.holders[key]), "G3", "%s is owned by %v and held by %v", key, really[key], f.holders[key])
		_, ok := f.blob[key]
		f.expect(ok, "G1", "%s is owned by %v and has no record", key, really[key])
	}
	for key := range f.bytes {
		_, ok := f.blob[key]
		f.expect(ok || f.hasItem("blob-delete", key), "G2", "the bytes of %s have no owner", key)
	}
}

// owners are the record keys of those who need which bytes.
func (f *finding) owners() map[string][]string {
	really := map[string][]string{}
	for key, u := range f.state.uploads {
		really[u.Blob] = append(really[u.Blob], key)
	}
	for key, m := range f.media {
		needs := map[string]bool{}
		for _, file := range m.File {
			needs[file.Blob] = true
		}
		for _, file := range f.state.snapshots["snapshot/"+m.Space+"/"+m.ID].File {
			needs[file.Blob] = true
		}
		for blob := range needs {
			really[blob] = append(really[blob], key)
		}
	}
	return really
}

// claimed reports whether somebody has the item, or has died with it.
func (f *finding) claimed(kind, id string) bool {
	return slices.ContainsFunc(f.due, func(it item) bool { return it.kind == kind && it.id == id && it.attempt > 0 })
}

func (f *finding) hasItem(kind, id string) bool {
	return slices.ContainsFunc(f.due, func(it item) bool { return it.kind == kind && it.id == id })
}

func union(a, b map[string][]string) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}

func ownerPath(u upload.Upload) string {
	return strings.Join([]string{string(u.Owner.Type), u.Owner.ID, u.ID}, "/")
}

func uploadKey(u upload.Upload) string { return "upload/" + ownerPath(u) }

// queue: every item has a reason, and every reason has its item.
func (f *finding) queue() {
	jobs := map[string]int{}
	for _, it := range f.due {
		f.expect(!f.Idle || it.at.After(f.Now), "P4", "%s %s was due at %v", it.kind, it.id, it.at)
		switch it.kind {
		case "process":
			jobs[it.id]++
		case "upload-expire":
			u, ok := f.state.uploads["upload/"+it.id]
			f.expect(it.attempt > 0 || ok && u.ExpiresAt.Equal(it.at), "G2", "%s %s has no reason at %v", it.kind, it.id, it.at.Format(time.RFC3339Nano))
		case "blob-delete":
			_, ok := f.blob[it.id]
			f.expect(!ok, "G3", "%s will be deleted and has a record", it.id)
		case "event":
		default:
			f.add("P4", "nobody does %s %s", it.kind, it.id)
		}
	}
	f.jobs(jobs)
}

// jobs compares the items of processing with the files that are busy.
func (f *finding) jobs(items map[string]int) {
	for _, m := range f.media {
		for locale, file := range m.File {
			if !file.Busy() {
				continue
			}
			id := jobID(m, locale, file)
			f.expect(items[id] == 1, "P4", "%s is busy, and has %d items", id, items[id])
			delete(items, id)
		}
	}
	for id := range items {
		f.add("P3", "process %s has no reason", id)
	}
}
