package weegloo_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/store"
	"github.com/weegloo/weegloo/store/disk"
)

// pattern is an endless body that is made as it is read.
type pattern struct{ block [4 << 10]byte }

func newPattern() *pattern {
	var p pattern
	for i := range p.block {
		p.block[i] = byte(31 * i)
	}
	return &p
}

func (p *pattern) Read(b []byte) (n int, err error) {
	for n < len(b) {
		n += copy(b[n:], p.block[:])
	}
	return n, nil
}

// noBlobs throw away what they get.
type noBlobs struct{ store.Blobs }

func (noBlobs) Put(_ context.Context, _ string, r io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r}, make([]byte, 256<<10))
}

func (noBlobs) Delete(context.Context, string) error { return nil }

// upload1GiB sends a GiB to a server on loopback, as a raw body or in a form.
func upload1GiB(b *testing.B, server *httptest.Server, form bool) {
	b.Helper()
	is := is.New(b)
	const size = 1 << 30
	path, body, length := spaceUploads, io.LimitReader(newPattern(), size), int64(size)
	if form {
		before, behind := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n", "\r\n--b--\r\n"
		path, length = path+"/multipart", size+int64(len(before)+len(behind))
		body = io.MultiReader(strings.NewReader(before), body, strings.NewReader(behind))
	}
	r, err := http.NewRequest("POST", server.URL+path, body)
	is.NoErr(err)
	r.ContentLength = length
	r.Header.Set("Authorization", "Bearer anna")
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	response, err := server.Client().Do(r)
	is.NoErr(err)
	defer response.Body.Close()
	is.Equal(response.StatusCode, 201)
	var u struct {
		Sys struct {
			ID   string
			Size int64
		}
	}
	is.NoErr(json.NewDecoder(response.Body).Decode(&u))
	is.Equal(u.Sys.Size, int64(size))
	r, err = http.NewRequest("DELETE", server.URL+spaceUploads+"/"+u.Sys.ID, nil)
	is.NoErr(err)
	r.Header.Set("Authorization", "Bearer anna")
	_, err = server.Client().Do(r)
	is.NoErr(err)
}

// BenchmarkUpload1GiB reports what the whole process, client and server,
// allocates for each MiB that is uploaded.
func BenchmarkUpload1GiB(b *testing.B) {
	for _, bb := range []struct {
		name string
		form bool
		disk bool
	}{{"raw/discard", false, false}, {"form/discard", true, false}, {"raw/disk", false, true}, {"form/disk", true, true}} {
		b.Run(bb.name, func(b *testing.B) {
			h := newHost(b, func(e *config, _ *adapter) {
				e.MaxUploadSize, e.Blobs = 2<<30, noBlobs{}
				if bb.disk {
					files, err := disk.Open(b.TempDir())
					is.New(b).NoErr(err)
					e.Blobs = files
				}
			})
			server := httptest.NewServer(h.http)
			defer server.Close()
			var before, after runtime.MemStats
			b.SetBytes(1 << 30)
			runtime.ReadMemStats(&before)
			for b.Loop() {
				upload1GiB(b, server, bb.form)
				h.settle()
			}
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/1024, "B/MiB")
			b.ReportMetric(float64(int64(after.Sys)-int64(before.Sys))/(1<<20), "MiB-grown")
		})
	}
}
