package processing_test

import (
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
)

// item is an infe box.
func item(id int, kind string) string {
	return isoBox("infe", be32(2<<24), be16(id), be16(0), kind, "\x00")
}

func items(list ...string) string {
	return isoBox("iinf", be32(0), be16(len(list)), strings.Join(list, ""))
}

// heifOf is a picture with boxes in its meta box.
func heifOf(boxes ...string) string {
	return isoBox("ftyp", "mif1", be32(0), "mif1") + isoBox("meta", append([]string{be32(0)}, boxes...)...)
}

func TestPropertiesOfTheItemDecide(t *testing.T) {
	size, other := sizeOf(70, 50), sizeOf(9, 9)
	turn := func(quarters byte) string { return isoBox("irot", string([]byte{quarters})) }
	clap := func(n ...int) string {
		content := ""
		for _, i := range n {
			content += be32(i)
		}
		return isoBox("clap", content, strings.Repeat("\x00", 16))
	}
	mirror := isoBox("imir", "\x01")
	cases := map[string]struct {
		properties    string
		width, height int
	}{
		"a size":                    {properties(size, association(1, 1)), 70, 50},
		"the second":                {properties(other+size, association(1, 2)), 70, 50},
		"an essential one":          {properties(other+size, association(1, 0x82)), 70, 50},
		"behind others":             {properties(size+isoBox("pixi", be32(0), "\x03\x08\x08\x08"), association(1, 2, 1)), 70, 50},
		"turned":                    {properties(size+turn(1), association(1, 1, 2)), 50, 70},
		"turned back":               {properties(size+turn(3), association(1, 1, 2)), 50, 70},
		"upside down":               {properties(size+turn(2), association(1, 1, 2)), 70, 50},
		"not turned":                {properties(size+turn(0), association(1, 1, 2)), 70, 50},
		"mirrored":                  {properties(size+mirror, association(1, 1, 2)), 70, 50},
		"turned and mirrored":       {properties(size+turn(1)+mirror, association(1, 1, 2, 3)), 50, 70},
		"turned, another":           {properties(size+turn(1), association(1, 1)), 70, 50},
		"cropped":                   {properties(size+clap(60, 1, 40, 1), association(1, 1, 2)), 60, 40},
		"cropped by fractions":      {properties(size+clap(121, 2, 81, 2), association(1, 1, 2)), 61, 41},
		"cropped and turned":        {properties(size+clap(60, 1, 40, 1)+turn(1), association(1, 1, 2, 3)), 40, 60},
		"turned and cropped":        {properties(size+turn(1)+clap(40, 1, 60, 1), association(1, 1, 2, 3)), 40, 60},
		"cropped by nothing":        {properties(size+clap(60, 0, 40, 0), association(1, 1, 2)), 70, 50},
		"cropped to nothing":        {properties(size+clap(0, 1, 0, 1), association(1, 1, 2)), 70, 50},
		"cropped to more":           {properties(size+clap(71, 1, 50, 1), association(1, 1, 2)), 70, 50},
		"cropped to 4 GiB":          {properties(size+clap(math.MaxUint32, 1, math.MaxUint32, 1), association(1, 1, 2)), 70, 50},
		"of no property there is":   {properties(size, association(1, 1, 0, 99)), 70, 50},
		"of which another has more": {properties(size+other, isoBox("ipma", be32(0), be32(2), be16(2), "\x01\x02", be16(1), "\x01\x01")), 70, 50},
		"in two lists":              {properties(size+other, association(2, 2)+association(1, 1)), 70, 50},
		"of wide lists":             {properties(size, isoBox("ipma", be32(1<<24|1), be32(1), be32(1), "\x01\x80\x01")), 70, 50},
		"named before the sizes":    {isoBox("iprp", association(1, 1), isoBox("ipco", size)), 70, 50},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("image/heif", []byte(heifOf(primaryItem(1), items(item(1, "hvc1")), c.properties)))
			is.NoErr(err)
			is.Equal(*result.Image, media.Image{Width: c.width, Height: c.height})
			is.Equal(result.ContentType, "image/heic")
		})
	}
}

func TestItemsDecideTheType(t *testing.T) {
	wideItem := isoBox("infe", be32(3<<24), be32(1), be16(0), "av01", "\x00")
	cases := map[string]struct{ items, want string }{
		"hevc":                        {items(item(1, "hvc1")), "image/heic"},
		"av1":                         {items(item(1, "av01")), "image/avif"},
		"avc":                         {items(item(1, "avc1")), "image/heif"},
		"av1 with a thumbnail":        {items(item(2, "jpeg"), item(1, "av01")), "image/avif"},
		"a thumbnail behind":          {items(item(1, "av01"), item(2, "jpeg")), "image/avif"},
		"a grid of hevc":              {items(item(2, "hvc1"), item(3, "hvc1"), item(1, "grid"), item(4, "Exif")), "image/heic"},
		"av1, wide":                   {isoBox("iinf", be32(1<<24), be32(1), wideItem), "image/avif"},
		"what nobody knows":           {items(item(1, "uncx")), "image/x-declared"},
		"items of the first version":  {items(isoBox("infe", be32(0), be16(1), be16(0), "av01\x00")), "image/x-declared"},
		"no list of items":            {"", "image/x-declared"},
		"more items than are counted": {isoBox("iinf", be32(0), be16(0), item(1, "av01")), "image/avif"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			for _, declared := range []string{"image/heic", "image/avif", "image/heif"} {
				want := strings.Replace(c.want, "image/x-declared", declared, 1)
				result, _, err := look(declared, []byte(heifOf(primaryItem(1), c.items, properties(sizeOf(7, 5), association(1, 1)))))
				is.NoErr(err)
				is.Equal(result.ContentType, want)
				is.Equal(*result.Image, media.Image{Width: 7, Height: 5})
			}
		})
	}
}

func TestASequenceWithoutItemsHasTheSizeOfItsTrack(t *testing.T) {
	is := is.New(t)
	quarter := matrix(0, 1, -1, 0)
	pictures := mp4Track{kind: "pict", width: 7, height: 5}
	result, _, err := look("image/heic-sequence", []byte(mp4("hevc", 0, soundTrack, pictures)))
	is.NoErr(err)
	is.Equal(*result.Image, media.Image{Width: 7, Height: 5})
	is.Equal(result.ContentType, "image/heic-sequence")

	pictures.matrix = quarter
	result, _, err = look("image/heic-sequence", []byte(mp4("hevc", 0, pictures)))
	is.NoErr(err)
	is.Equal(*result.Image, media.Image{Width: 5, Height: 7})
}

func TestWhatIsNoPictureInBoxesFails(t *testing.T) {
	good := properties(sizeOf(7, 5), association(1, 1))
	cases := map[string]string{
		"nothing":                         isoBox("ftyp", "mif1"),
		"a sequence of sound":             mp4("hevc", 0, soundTrack),
		"a sequence without a size":       mp4("hevc", 0, mp4Track{kind: "pict"}),
		"no primary item":                 heifOf(items(item(1, "hvc1")), good),
		"a primary item that is not":      heifOf(primaryItem(2), good),
		"items that are cut":              heifOf(primaryItem(1), good)[:100],
		"a meta box without a version":    isoBox("ftyp", "mif1") + isoBox("meta"),
		"no properties":                   heifOf(primaryItem(1)),
		"no size":                         heifOf(primaryItem(1), properties(isoBox("irot", "\x01"), association(1, 1))),
		"a size of zero":                  heifOf(primaryItem(1), properties(sizeOf(0, 5), association(1, 1))),
		"a size of 2 GiB":                 heifOf(primaryItem(1), properties(sizeOf(1<<31, 1<<31), association(1, 1))),
		"a size of a million and one":     heifOf(primaryItem(1), properties(sizeOf(1_000_001, 1), association(1, 1))),
		"a size without its end":          heifOf(primaryItem(1), properties(isoBox("ispe", be32(0), be32(7)), association(1, 1))),
		"a turn without a number":         heifOf(primaryItem(1), properties(sizeOf(7, 5)+isoBox("irot"), association(1, 1, 2))),
		"4 GiB of items with properties":  heifOf(primaryItem(1), properties(sizeOf(7, 5), isoBox("ipma", be32(0), be32(math.MaxUint32), strings.Repeat("\x00\x02\x00", 100_000)))),
		"more properties than there are":  heifOf(primaryItem(1), properties(sizeOf(7, 5), isoBox("ipma", be32(0), be32(1), be16(1), "\xff\x01"))),
		"100000 empty items":              heifOf(primaryItem(1), items(strings.Repeat(item(9, "hvc1"), 100_000)), good),
		"100000 empty boxes":              isoBox("ftyp", "mif1") + strings.Repeat(isoBox("free"), 100_000) + heifOf(primaryItem(1), good),
		"a primary item without a number": heifOf(isoBox("pitm", be32(0)), good),
		"an item without a type":          heifOf(primaryItem(1), items(isoBox("infe", be32(2<<24), be16(1))), good),
	}
	for name, file := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			content := []byte(file)
			var m *meter
			var err error
			allocated := allocates(func() { _, m, err = look("image/heif", content) })
			is.True(isUnreadable(err))
			is.True(m.read <= mib)
			is.True(allocated <= mib)
		})
	}
}
