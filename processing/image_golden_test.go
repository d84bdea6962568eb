package processing_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// imageVerdict is an entry of testdata/images/truth.json: the size that a
// program has for a sample, and how it is turned if that size is the stored
// one.
type imageVerdict struct {
	By, File                   string
	Width, Height, Orientation int
}

// displayed is the size after turning.
func (v imageVerdict) displayed() media.Image {
	if v.Orientation >= 5 {
		return media.Image{Width: v.Height, Height: v.Width}
	}
	return media.Image{Width: v.Width, Height: v.Height}
}

// readTruth reads the verdicts on the samples of a folder of testdata.
func readTruth(t testing.TB, folder string, verdicts any) {
	t.Helper()
	is := is.New(t)
	truth, err := os.ReadFile(filepath.Join("testdata", folder, "truth.json"))
	is.NoErr(err)
	is.NoErr(json.Unmarshal(truth, verdicts))
}

// readSample reads a sample of a folder of testdata.
func readSample(t testing.TB, folder, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", folder, name))
	is.New(t).NoErr(err)
	return b
}

// imageSamples are the samples of images, with what we call what file(1) has
// another name for.
func imageSamples(t testing.TB) []sample {
	t.Helper()
	ours := map[string]string{
		"image/vnd.microsoft.icon": "image/x-icon", "image/x-win-bitmap": "image/x-icon",
		"image/x-jp2-codestream": "image/j2c",
		"text/plain":             "image/svg+xml", // an element with a prefix is one all the same
	}
	var verdicts map[string]imageVerdict
	readTruth(t, "images", &verdicts)
	var all []sample
	for name, v := range verdicts {
		contentType := v.File
		if own, ok := ours[v.File]; ok {
			contentType = own
		}
		all = append(all, sample{name, contentType, readSample(t, "images", name), v.displayed()})
	}
	return all
}

// undeclared processes a file of which its client said nothing but a name.
func undeclared(name string, b []byte) (processing.Result, *meter, error) {
	m := &meter{r: bytes.NewReader(b)}
	result, err := processing.Headers{}.Process(context.Background(), processing.Source{
		Name: name, Sniffed: processing.Sniff(b), Size: int64(len(b)), Bytes: m,
	})
	return result, m, err
}

func TestImagesOfOtherProgramsHaveTheSizeThoseSay(t *testing.T) {
	for _, s := range imageSamples(t) {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			var result processing.Result
			var m *meter
			var err error
			allocated := allocates(func() { result, m, err = undeclared(s.name, s.bytes) })
			is.NoErr(err)
			is.Equal(result.ContentType, s.contentType)
			is.Equal(result.MimeGroups, []string{media.GroupImage})
			is.Equal(*result.Image, s.want)
			is.True(m.read <= 64<<10)
			is.True(allocated <= 64<<10)
		})
	}
}

// TestTruncatedImagesOfOtherPrograms: what is left of an image is either
// broken, or nothing is said of it, or what is said is right. Only how it is
// turned may be cut off.
func TestTruncatedImagesOfOtherPrograms(t *testing.T) {
	for _, s := range imageSamples(t) {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			step := 1 + len(s.bytes)/1000
			for n := 0; n < len(s.bytes); n += step {
				result, m, err := look(s.contentType, s.bytes[:n])
				is.True(m.read <= mib)
				if err != nil {
					is.True(isUnreadable(err))
					continue
				}
				if result.Image == nil {
					continue
				}
				swapped := media.Image{Width: s.want.Height, Height: s.want.Width}
				is.True(*result.Image == s.want || *result.Image == swapped)
			}
		})
	}
}
