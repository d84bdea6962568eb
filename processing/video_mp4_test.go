package processing_test

import (
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

var (
	filmTrack  = mp4Track{kind: "vide", duration: 2000, ownDuration: 2000, width: 7, height: 5}
	soundTrack = mp4Track{kind: "soun", duration: 2000, ownDuration: 2000}
)

// changed is t after a change.
func (t mp4Track) changed(change func(*mp4Track)) mp4Track {
	change(&t)
	return t
}

// movieCase is a film and what it shows.
type movieCase struct {
	file string
	want media.Video
}

func checkMovies(t *testing.T, cases map[string]movieCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look("video/mp4", []byte(c.file))
			is.NoErr(err)
			is.True(result.Video != nil)
			is.Equal(*result.Video, c.want)
			is.Equal(result.ContentType, "video/mp4")
		})
	}
}

func filmOf(width, height int, duration float64) media.Video {
	return media.Video{Width: width, Height: height, Duration: duration}
}

func TestMoviesAreDescribedByTheirBoxes(t *testing.T) {
	quarter, back, mirrored := matrix(0, 1, -1, 0), matrix(0, -1, 1, 0), matrix(0, 1, 1, 0)
	turned := func(m string) mp4Track { return filmTrack.changed(func(t *mp4Track) { t.matrix = m }) }
	wideHeader := isoBox("mvhd", be32(1<<24), strings.Repeat("\x00", 16), be32(1000), be32(0), be32(2000), be32(0), strings.Repeat("\x00", 12), quarter, strings.Repeat("\x00", 28))
	turnedHeader := strings.Replace(movieHeader(1000, 2000), upright, quarter, 1)
	want := filmOf
	checkMovies(t, map[string]movieCase{
		"a film":               {mp4("isom", 2000, filmTrack), want(7, 5, 2)},
		"with sound":           {mp4("isom", 2000, soundTrack, filmTrack), want(7, 5, 2)},
		"behind other boxes":   {isoBox("free", "xx") + isoBox("mdat", "xx") + mp4("isom", 2000, filmTrack), want(7, 5, 2)},
		"the first of two":     {mp4("isom", 2000, filmTrack, filmTrack.changed(func(t *mp4Track) { t.width = 70 })), want(7, 5, 2)},
		"the first that is on": {mp4("isom", 2000, filmTrack.changed(func(t *mp4Track) { t.off = true }), filmTrack.changed(func(t *mp4Track) { t.width = 70 })), want(70, 5, 2)},
		"all off":              {mp4("isom", 2000, filmTrack.changed(func(t *mp4Track) { t.off = true })), want(7, 5, 2)},

		"turned":                          {mp4("isom", 2000, turned(quarter)), want(5, 7, 2)},
		"turned back":                     {mp4("isom", 2000, turned(back)), want(5, 7, 2)},
		"turned and mirrored":             {mp4("isom", 2000, turned(mirrored)), want(5, 7, 2)},
		"upside down":                     {mp4("isom", 2000, turned(matrix(-1, 0, 0, -1))), want(7, 5, 2)},
		"of a matrix of nothing":          {mp4("isom", 2000, turned(matrix(0, 0, 0, 0))), want(7, 5, 2)},
		"turned as a whole":               {isoBox("ftyp", "isom") + moov(turnedHeader, filmTrack), want(5, 7, 2)},
		"turned as a whole and in itself": {isoBox("ftyp", "isom") + moov(turnedHeader, turned(quarter)), want(7, 5, 2)},
		"of wide headers, turned":         {isoBox("ftyp", "isom") + moov(wideHeader, filmTrack), want(5, 7, 2)},

		"of a size in its samples only": {mp4("isom", 2000, filmTrack.changed(func(t *mp4Track) { t.width, t.height, t.entryWidth, t.entryHeight = 0, 0, 70, 50 })), want(70, 50, 2)},
		"of two sizes":                  {mp4("isom", 2000, filmTrack.changed(func(t *mp4Track) { t.entryWidth, t.entryHeight = 70, 50 })), want(7, 5, 2)},
		"without a size":                {mp4("isom", 2000, filmTrack.changed(func(t *mp4Track) { t.width = 0 })), want(0, 0, 2)},
	})
}

func TestMoviesAreAsLongAsTheirHeadersAgree(t *testing.T) {
	length := func(movie, track, own int) string {
		return mp4("isom", movie, filmTrack.changed(func(t *mp4Track) { t.duration, t.ownDuration = track, own }))
	}
	want := filmOf
	checkMovies(t, map[string]movieCase{
		"of milliseconds":               {length(1234, 1234, 1234), want(7, 5, 1.234)},
		"without a duration in all":     {length(0, 1500, 1000), want(7, 5, 1.5)},
		"with one in the media only":    {length(0, 0, 1000), want(7, 5, 1)},
		"with one in the header only":   {length(1000, 0, 0), want(7, 5, 1)},
		"without any":                   {length(0, 0, 0), want(7, 5, 0)},
		"of unknown duration":           {length(math.MaxUint32, math.MaxUint32, math.MaxUint32), want(7, 5, 0)},
		"unknown in all, known in one":  {length(math.MaxUint32, math.MaxUint32, 1000), want(7, 5, 1)},
		"almost of one opinion":         {length(10_000, 12_000, 0), want(7, 5, 10)},
		"of two opinions":               {length(10_000, 13_000, 0), want(7, 5, 0)},
		"of two opinions, the other":    {length(13_000, 10_000, 0), want(7, 5, 0)},
		"without a second":              {isoBox("ftyp", "isom") + moov(movieHeader(0, 2000), filmTrack.changed(func(t *mp4Track) { t.duration, t.ownDuration = 0, 0 })), want(7, 5, 0)},
		"of more than a year":           {isoBox("ftyp", "isom") + moov(movieHeader(1, 366*24*60*60+1), mp4Track{kind: "vide", width: 7, height: 5}), want(7, 5, 0)},
		"of a year":                     {isoBox("ftyp", "isom") + moov(movieHeader(1, 366*24*60*60), mp4Track{kind: "vide", width: 7, height: 5}), want(7, 5, 366*24*60*60)},
		"shorter than a millisecond":    {isoBox("ftyp", "isom") + moov(movieHeader(100_000, 1), mp4Track{kind: "vide", width: 7, height: 5}), want(7, 5, 0)},
		"with 100 tracks, the last out": {mp4("isom", 2000, append([]mp4Track{filmTrack}, make([]mp4Track, 99)...)...), want(7, 5, 2)},
	})
}

func TestMoviesOfWideTracks(t *testing.T) {
	is := is.New(t)
	track := isoBox("trak",
		isoBox("tkhd", be32(1<<24|1), strings.Repeat("\x00", 16), be32(1), be32(0), be32(0), be32(2000), strings.Repeat("\x00", 16), upright, be32(7<<16|0x8000), be32(5<<16|0x7fff)),
		isoBox("mdia", isoBox("mdhd", be32(1<<24), strings.Repeat("\x00", 16), be32(1000), be32(0), be32(2000)), isoBox("hdlr", be32(0), be32(0), "vide")))
	result, _, err := look("video/mp4", []byte(isoBox("ftyp", "isom")+isoBox("moov", movieHeader(1000, 0), track)))
	is.NoErr(err)
	is.Equal(*result.Video, media.Video{Width: 8, Height: 5, Duration: 2})
}

func TestBrandAndTracksDecideTheType(t *testing.T) {
	cases := []struct{ brand, film, sound string }{
		{"isom", "video/mp4", "audio/mp4"},
		{"mp42", "video/mp4", "audio/mp4"},
		{"M4A ", "video/mp4", "audio/mp4"},
		{"M4B ", "video/mp4", "audio/mp4"},
		{"M4V ", "video/mp4", "audio/mp4"},
		{"dash", "video/mp4", "audio/mp4"},
		{"3gp4", "video/3gpp", "audio/3gpp"},
		{"3ge6", "video/3gpp", "audio/3gpp"},
		{"3g2a", "video/3gpp2", "audio/3gpp2"},
		{"KDDI", "video/3gpp2", "audio/3gpp2"},
		{"qt  ", "video/quicktime", "video/quicktime"},
		{"mqt ", "video/quicktime", "video/quicktime"},
	}
	chapters := filmTrack.changed(func(t *mp4Track) { t.off = true })
	for _, c := range cases {
		t.Run(c.brand, func(t *testing.T) {
			is := is.New(t)
			for _, declared := range []string{"video/mp4", "audio/mp4", "video/quicktime", "audio/3gpp"} {
				result, _, err := look(declared, []byte(mp4(c.brand, 2000, soundTrack, filmTrack)))
				is.NoErr(err)
				is.Equal(result.ContentType, c.film)
				is.Equal(result.MimeGroups, []string{media.GroupVideo})

				result, _, err = look(declared, []byte(mp4(c.brand, 2000, chapters, soundTrack)))
				is.NoErr(err)
				is.Equal(result.ContentType, c.sound)
				is.Equal(result.Video, nil)
				is.Equal(*result.Audio, media.Audio{Duration: 2})

				result, _, err = look(declared, []byte(mp4(c.brand, 2000, mp4Track{kind: "text"})))
				is.NoErr(err)
				is.True(result.ContentType == declared || c.film == c.sound)
				is.Equal(result.Video, nil)
				is.Equal(result.Audio, nil)
			}
		})
	}
}

func TestAMovieWithoutABrandIsQuickTime(t *testing.T) {
	is := is.New(t)
	file := moov(movieHeader(1000, 2000), filmTrack)
	is.Equal(processing.Sniff([]byte(file)), "video/quicktime")
	result, _, err := look("video/quicktime", []byte(file))
	is.NoErr(err)
	is.Equal(result.ContentType, "video/quicktime")
}

func TestACompressedMovieIsDoneWithoutDetail(t *testing.T) {
	is := is.New(t)
	result, _, err := look("video/quicktime", []byte(isoBox("moov", isoBox("cmov", isoBox("dcom", "zlib")))))
	is.NoErr(err)
	is.Equal(result, processing.Result{ContentType: "video/quicktime", MimeGroups: []string{media.GroupVideo}})
}

func TestWhatIsNoMovieFails(t *testing.T) {
	film := mp4("isom", 2000, filmTrack)
	var deep strings.Builder
	for left := 100_000; left > 0; left-- {
		deep.WriteString(be32(8*left) + "moov")
	}
	cases := map[string]string{
		"a file that ends before its movie box": isoBox("ftyp", "isom") + isoBox("mdat", "xx"),
		"data up to the end of the file":        isoBox("ftyp", "isom") + "\x00\x00\x00\x00mdat" + moov(movieHeader(1000, 2000), filmTrack),
		"data of 4 GiB":                         isoBox("ftyp", "isom") + "\xff\xff\xff\xffmdat" + moov(movieHeader(1000, 2000), filmTrack),
		"data of 4 EiB":                         isoBox("ftyp", "isom") + "\x00\x00\x00\x01mdat\x40\x00\x00\x00\x00\x00\x00\x00" + film,
		"data of a negative size":               isoBox("ftyp", "isom") + "\x00\x00\x00\x01mdat\xff\xff\xff\xff\xff\xff\xff\xf0" + film,
		"a box that is its own":                 isoBox("ftyp", "isom") + "\x00\x00\x00\x04free" + film,
		"a movie box that is cut":               film[:len(film)-1],
		"a movie box of 2 GiB":                  isoBox("ftyp", "isom") + "\x7f\xff\xff\xffmoov" + movieHeader(1000, 2000),
		"a movie without a header":              isoBox("ftyp", "isom") + isoBox("moov", filmTrack.trak(1)),
		"a header without its end":              isoBox("ftyp", "isom") + isoBox("moov", isoBox("mvhd", be32(0), be32(0))),
		"a track without its end":               isoBox("ftyp", "isom") + isoBox("moov", movieHeader(1000, 2000), isoBox("trak", isoBox("tkhd", be32(1)))),
		"a track beyond its movie":              isoBox("ftyp", "isom") + isoBox("moov", movieHeader(1000, 2000), "\x00\x00\xff\xfftrakxxxx"+isoBox("tkhd", "")),
		"an empty brand":                        isoBox("ftyp") + film,
		"100000 empty boxes":                    isoBox("ftyp", "isom") + strings.Repeat(isoBox("free"), 100_000) + film,
		"100000 empty boxes in the movie":       isoBox("ftyp", "isom") + isoBox("moov", movieHeader(1000, 2000), strings.Repeat(isoBox("free"), 100_000)),
		"100000 empty tracks":                   isoBox("ftyp", "isom") + isoBox("moov", movieHeader(1000, 2000), strings.Repeat(isoBox("trak"), 100_000)),
		"movies in movies":                      isoBox("ftyp", "isom") + deep.String(),
		"empty boxes far from each other":       isoBox("ftyp", "isom") + strings.Repeat(isoBox("free", strings.Repeat("x", 600)), 4*mib/600) + film,
	}
	for name, file := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var err error
			var m *meter
			allocated := allocates(func() { _, m, err = look("video/mp4", []byte(file)) })
			is.True(isUnreadableRecording(err))
			is.True(m.read <= mib)
			is.True(allocated <= mib+uint64(len(file))) // which is copied here
		})
	}
}
