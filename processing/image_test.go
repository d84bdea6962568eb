package processing_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"testing"

	"github.com/matryer/is"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// meter counts the bytes that are read.
type meter struct {
	r    io.ReaderAt
	read int
}

func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	m.read += len(p)
	return m.r.ReadAt(p, off)
}

// look processes b as the content type, whatever b shows.
func look(contentType string, b []byte) (processing.Result, *meter, error) {
	m := &meter{r: bytes.NewReader(b)}
	result, err := processing.Headers{}.Process(context.Background(), processing.Source{
		Name: "name", Declared: contentType, Sniffed: contentType, Size: int64(len(b)), Bytes: m,
	})
	return result, m, err
}

func isUnreadable(err error) bool {
	var failure *processing.Failure
	return errors.As(err, &failure) && failure.Reason == processing.ReasonUnreadableImage
}

func TestImagesHaveTheSizeTheyAreDisplayedIn(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look(processing.Sniff(s.bytes), s.bytes)
			is.NoErr(err)
			is.Equal(result.ContentType, s.contentType)
			is.Equal(result.MimeGroups, []string{media.GroupImage})
			is.Equal(*result.Image, s.want)
		})
	}
}

func TestOrientation(t *testing.T) {
	upright, turned := media.Image{Width: 7, Height: 5}, media.Image{Width: 5, Height: 7}
	cases := map[int]media.Image{
		0: upright, 1: upright, 2: upright, 3: upright, 4: upright,
		5: turned, 6: turned, 7: turned, 8: turned, 9: upright, 65535: upright,
	}
	for orientation, want := range cases {
		t.Run(fmt.Sprint(orientation), func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("image/jpeg", jpegWith(app1(orientation)))
			is.NoErr(err)
			is.Equal(*result.Image, want)
		})
	}
}

func TestSizesAgreeWithTheDecoders(t *testing.T) {
	decoders := map[string]func(io.Reader) (image.Config, error){
		"image/bmp": bmp.DecodeConfig, "image/gif": gif.DecodeConfig, "image/jpeg": jpeg.DecodeConfig,
		"image/png": png.DecodeConfig, "image/tiff": tiff.DecodeConfig, "image/webp": webp.DecodeConfig,
	}
	agreed := map[string]int{}
	for _, s := range samples() {
		config, err := decoders[s.contentType](bytes.NewReader(s.bytes))
		if err != nil {
			continue // they refuse more than we do
		}
		agreed[s.contentType]++
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(config.Width*config.Height, s.want.Width*s.want.Height)
			is.Equal(max(config.Width, config.Height), max(s.want.Width, s.want.Height))
		})
	}
	is.New(t).Equal(len(agreed), len(decoders)) // each of them knows some sample
}

func TestTruncatedImagesFailOrHaveTheRightSize(t *testing.T) {
	upright := media.Image{Width: 7, Height: 5}
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			step := 1 + len(s.bytes)/10_000
			for n := 0; n < len(s.bytes); n += step {
				result, _, err := look(s.contentType, s.bytes[:n])
				if err != nil {
					is.True(isUnreadable(err))
					continue
				}
				// The orientation may be what was cut off.
				is.True(*result.Image == s.want || *result.Image == upright)
			}
		})
	}
}

func TestImagesAreReadFromTheirHeaders(t *testing.T) {
	big := image.NewGray(image.Rect(0, 0, 2000, 1000))
	all := append(samples(),
		sample{"big png", "image/png", encodedImage(png.Encode, big), media.Image{}},
		sample{"big jpeg", "image/jpeg", encodedImage(encodeJPEG, big), media.Image{}},
		sample{"big tiff", "image/tiff", encodedImage(encodeTIFF, big), media.Image{}},
		sample{"big bmp", "image/bmp", encodedImage(bmp.Encode, big), media.Image{}},
	)
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			var m *meter
			var err error
			allocated := allocates(func() { _, m, err = look(s.contentType, s.bytes) })
			is.NoErr(err)
			is.True(m.read <= 16<<10)
			is.True(allocated <= 16<<10)
		})
	}
}

// allocates is how many bytes fn allocates.
func allocates(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
