package processing_test

import (
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// moof is a fragment of runs of track 1 that begins at a time. A run is a
// number of samples of so many thousandths of a second each.
func moof(at int, runs ...[2]int) string { return moofOf(1, at, runs...) }

func moofOf(track, at int, runs ...[2]int) string {
	traf := isoBox("tfhd", be32(0), be32(track)) + isoBox("tfdt", be32(0), be32(at))
	for _, r := range runs {
		traf += isoBox("trun", be32(0x701), be32(r[0]), be32(0), strings.Repeat(be32(r[1])+"size"+"flag", r[0]))
	}
	return isoBox("moof", isoBox("mfhd", be32(0), be32(1)), isoBox("traf", traf)) + isoBox("mdat", "samples")
}

// traf is a fragment of one track.
func traf(boxes ...string) string { return isoBox("moof", isoBox("traf", boxes...)) }

// sidx is an index from a time on, over parts of a size and a duration.
func sidx(from int, parts ...[2]int) string {
	list := ""
	for _, p := range parts {
		list += be32(p[0]) + be32(p[1]) + be32(0)
	}
	return isoBox("sidx", be32(0), be32(1), be32(1000), be32(from), be32(0), be16(0), be16(len(parts)), list)
}

// fragmentCase is a film in fragments and how long it is.
type fragmentCase struct {
	file string
	want float64
}

func checkFragments(t *testing.T, cases map[string]fragmentCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			result, m, err := look("video/mp4", []byte(c.file))
			is.NoErr(err)
			is.Equal(result.Video.Width, 7)
			is.Equal(result.Video.Duration, c.want)
			is.True(m.read <= mib)
		})
	}
}

var (
	// lengthless is a film whose movie box does not know how long it is.
	lengthless     = mp4("iso5", 0, mp4Track{kind: "vide", width: 7, height: 5})
	lengthlessBoth = mp4("iso5", 0, mp4Track{kind: "vide", width: 7, height: 5}, mp4Track{kind: "soun"})

	aSecond = moof(0, [2]int{2, 500})
	tfhd    = isoBox("tfhd", be32(0), be32(1))
	tfdt    = isoBox("tfdt", be32(0), be32(0))
)

// trex says how long each sample of a track is.
func trex(track, each int) string {
	return isoBox("trex", be32(0), be32(track), be32(1), be32(each), be32(0), be32(0))
}

func TestFragmentsAddUp(t *testing.T) {
	pair := aSecond + moof(1000, [2]int{1, 500})
	checkFragments(t, map[string]fragmentCase{
		"one":                          {extended(lengthless, "", aSecond), 1},
		"two":                          {extended(lengthless, "", pair), 1.5},
		"none":                         {extended(lengthless, ""), 0},
		"of two runs":                  {extended(lengthless, "", moof(0, [2]int{2, 500}, [2]int{1, 250})), 1.25},
		"of more than is read at once": {extended(lengthless, "", moof(0, [2]int{1000, 20})), 20},
		"out of order":                 {extended(lengthless, "", moof(1000, [2]int{1, 500}), aSecond), 1.5},
		"that begin late":              {extended(lengthless, "", moof(60_000, [2]int{2, 500}), moof(61_000, [2]int{2, 500})), 2},
		"with a hole":                  {extended(lengthless, "", aSecond, moof(3000, [2]int{2, 500})), 4},
		"of two tracks":                {extended(lengthlessBoth, "", aSecond, moofOf(2, 0, [2]int{3, 500})), 1.5},
		"of a track that is not there": {extended(lengthless, "", aSecond, moofOf(3, 0, [2]int{3, 500})), 1},
		"without their times":          {extended(lengthless, "", strings.Repeat(traf(tfhd, isoBox("trun", be32(0x100), be32(2), be32(500), be32(250))), 3)), 2.25},
		"at a time of 64 bits":         {extended(lengthless, "", aSecond, traf(tfhd, isoBox("tfdt", be32(1<<24), be32(0), be32(1000)), isoBox("trun", be32(0x100), be32(1), be32(500)))), 1.5},
	})
}

func TestFragmentsSayHowLongTheirSamplesAre(t *testing.T) {
	checkFragments(t, map[string]fragmentCase{
		"that say each":                       {extended(lengthless, trex(1, 400), traf(isoBox("tfhd", be32(0x08), be32(1), be32(250)), tfdt, isoBox("trun", be32(0), be32(4)))), 1},
		"that say each, behind more":          {extended(lengthless, "", traf(isoBox("tfhd", be32(0x0b), be32(1), be32(0), be32(0), be32(1), be32(250)), tfdt, isoBox("trun", be32(0), be32(4)))), 1},
		"of which the movie says each":        {extended(lengthless, trex(2, 300)+trex(1, 400), traf(tfhd, tfdt, isoBox("trun", be32(0), be32(4)))), 1.6},
		"of which nobody says each":           {extended(lengthless, "", traf(tfhd, tfdt, isoBox("trun", be32(0), be32(4)))), 0},
		"with flags for the first":            {extended(lengthless, "", traf(tfhd, tfdt, isoBox("trun", be32(0x105), be32(1), be32(0), be32(0), be32(500)))), 0.5},
		"behind a first part":                 {extended(mp4("iso5", 2000, filmTrack), "", moof(2000, [2]int{2, 500})), 3},
		"behind a first part, without a time": {extended(mp4("iso5", 2000, filmTrack), "", traf(tfhd, isoBox("trun", be32(0x100), be32(1), be32(500)))), 2.5},
		"whose sum the movie says":            {extended(lengthless, isoBox("mehd", be32(0), be32(9000)), aSecond), 9},
		"whose sum the movie says, wide":      {extended(lengthless, isoBox("mehd", be32(1<<24), be32(0), be32(9000)), aSecond), 9},
		"whose sum the movie says is unknown": {extended(lengthless, isoBox("mehd", be32(0), be32(0)), aSecond), 1},
	})
}

func TestAnIndexOfFragmentsIsFollowed(t *testing.T) {
	pair := aSecond + moof(1000, [2]int{1, 500})
	half := len(aSecond)
	checkFragments(t, map[string]fragmentCase{
		"with an index":                       {extended(lengthless, "", sidx(0, [2]int{half, 7000}), aSecond), 7},
		"with an index of two":                {extended(lengthless, "", sidx(0, [2]int{half, 7000}, [2]int{len(pair) - half, 500}), pair), 7.5},
		"with an index of the first":          {extended(lengthless, "", sidx(0, [2]int{half, 1000}), pair), 1.5},
		"with an index for each":              {extended(lengthless, "", sidx(0, [2]int{half, 1000}), aSecond, sidx(1000, [2]int{half, 1000}), aSecond), 2},
		"with an index that begins late":      {extended(lengthless, "", sidx(5000, [2]int{half, 1000}), aSecond), 1},
		"with an index of indexes":            {extended(lengthless, "", sidx(0, [2]int{1<<31 | half, 1000}), aSecond), 1},
		"with an index that is believed":      {extended(lengthless, "", sidx(0, [2]int{half, 1000}), moof(60_000, [2]int{2, 500})), 1},
		"with an index of nothing":            {extended(lengthless, "", sidx(0), aSecond), 1},
		"with an index of a wide time":        {extended(lengthless, "", isoBox("sidx", be32(1<<24), be32(1), be32(1000), be32(0), be32(0), be32(0), be32(0), be16(0), be16(1), be32(half), be32(7000), be32(0)), aSecond), 7},
		"with an index beyond the file":       {extended(lengthless, "", sidx(0, [2]int{half + 1, 7000}), aSecond), 0},
		"with an index of 16 GiB":             {extended(lengthless, "", sidx(0, [2]int{math.MaxInt32, 1}, [2]int{math.MaxInt32, 1}, [2]int{math.MaxInt32, 1}), aSecond), 0},
		"with an index from beyond all":       {extended(lengthless, "", isoBox("sidx", be32(1<<24), be32(1), be32(1000), be32(0), be32(0), be32(math.MaxUint32), be32(0), be16(0), be16(0)), aSecond), 0},
		"with an index of more than there is": {extended(lengthless, "", isoBox("sidx", be32(0), be32(1), be32(1000), be32(0), be32(0), be16(0), be16(65535), be32(0)), aSecond), 0},
		"with an index without a second":      {extended(lengthless, "", isoBox("sidx", be32(0), be32(1), be32(0), be32(0), be32(0), be16(0), be16(1), be32(half), be32(1), be32(0)), aSecond), 0},
	})
}

func TestFragmentsThatCannotBeAddedSayNothing(t *testing.T) {
	checkFragments(t, map[string]fragmentCase{
		"one of which is cut":                  {extended(lengthless, "", aSecond, "\x00\x00\xff\xffmoofxxxx"), 0},
		"one of which is broken":               {extended(lengthless, "", aSecond, traf(isoBox("tfhd", ""))), 0},
		"of 4 GiB of samples":                  {extended(lengthless, "", traf(tfhd, tfdt, isoBox("trun", be32(0x100), be32(math.MaxUint32), be32(1)))), 0},
		"of 4 GiB of the longest samples":      {extended(lengthless, trex(1, math.MaxUint32), traf(tfhd, tfdt, isoBox("trun", be32(0), be32(math.MaxUint32)))), 0},
		"at the end of all time":               {extended(lengthless, "", aSecond, traf(tfhd, isoBox("tfdt", be32(1<<24), be32(1<<20), be32(0)), isoBox("trun", be32(0x100), be32(1), be32(500)))), 0},
		"too many of them":                     {extended(lengthless, "", strings.Repeat(aSecond, 10_000)), 0},
		"of samples of the second kind of box": {extended(lengthless, "", traf(isoBox("trun", be32(0x100), be32(1), be32(500)), tfhd, tfdt)), 0},
	})
}
