package processing_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/media"
	"github.com/weegloo/weegloo/processing"
)

// avSample is a file of testdata/av and what the tools say of it.
type avSample struct {
	name, contentType string
	bytes             []byte
	verdict           avVerdict
}

// avVerdict is an entry of truth.json.
type avVerdict struct {
	FFProbe *struct {
		Duration string
		Streams  []struct {
			Type         string `json:"codec_type"`
			Width        int
			Height       int
			PixelAspect  string                   `json:"sample_aspect_ratio"`
			SideDataList []struct{ Rotation int } `json:"side_data_list"`
		}
	}
	HEIFInfo *media.Image `json:"heif-info"`
	AVIFDec  *struct {
		Width, Height, IRot int
		Crop                *struct{ W, H int }
	}
}

// avTypes are the content types of the samples, by the beginning of their
// names. Of two that fit, the longer one counts.
var avTypes = map[string]string{
	"3gp": "video/3gpp", "aac": "audio/aac", "aifc": "audio/aiff", "aiff": "audio/aiff", "avi": "video/x-msvideo",
	"avif": "image/avif", "flac": "audio/flac", "heic": "image/heic", "m4a": "audio/mp4", "m4v": "video/mp4",
	"mka": "audio/matroska", "mkv": "video/matroska", "mov": "video/quicktime", "mp2": "audio/mpeg",
	"mp3": "audio/mpeg", "mp4": "video/mp4", "mp4-audio-only": "audio/mp4",
	"ogg": "audio/ogg", "ogv": "video/ogg", "ts": "video/mp2t", "wav": "audio/wav",
	"webm": "video/webm", "webm-audio-only": "audio/webm",
}

// avSamples are the samples of the content types in whose names one of the
// parts is.
func avSamples(t testing.TB, parts ...string) []avSample {
	t.Helper()
	is := is.New(t)
	truth, err := os.ReadFile(filepath.Join("testdata", "av", "truth.json"))
	is.NoErr(err)
	var verdicts map[string]avVerdict
	is.NoErr(json.Unmarshal(truth, &verdicts))
	var all []avSample
	for name, verdict := range verdicts {
		b, err := os.ReadFile(filepath.Join("testdata", "av", name))
		is.NoErr(err)
		prefix := ""
		for p := range avTypes {
			if strings.HasPrefix(name, p) && len(p) > len(prefix) {
				prefix = p
			}
		}
		for _, part := range parts {
			if strings.Contains(avTypes[prefix], part) {
				all = append(all, avSample{name, avTypes[prefix], b, verdict})
				break
			}
		}
	}
	return all
}

// film is the size of the pictures and whether there are any, as displayed.
func (v avVerdict) film() (width, height int, ok bool) {
	for _, s := range v.FFProbe.Streams {
		if s.Type != "video" {
			continue
		}
		width, height = s.Width, s.Height
		if x, y, ok := strings.Cut(s.PixelAspect, ":"); ok {
			across, _ := strconv.Atoi(x)
			down, _ := strconv.Atoi(y)
			width = (width*across + down/2) / down
		}
		if len(s.SideDataList) > 0 && s.SideDataList[0].Rotation%180 != 0 {
			width, height = height, width
		}
		return width, height, true
	}
	return 0, 0, false
}

func (v avVerdict) seconds() float64 {
	d, _ := strconv.ParseFloat(v.FFProbe.Duration, 64)
	return d
}

// near reports whether d is what ffprobe says, or as good. Of Ogg it counts
// what is to be skipped at the beginning, and of MPEG-TS the last picture.
func (s avSample) near(d float64) bool {
	tolerance := 0.002
	if s.contentType == "audio/ogg" {
		tolerance = 0.01
	}
	if s.contentType == "video/mp2t" {
		tolerance = 0.1
	}
	return math.Abs(d-s.verdict.seconds()) < tolerance
}

func TestRecordingsHaveWhatFFProbeSays(t *testing.T) {
	for _, s := range avSamples(t, "audio/", "video/") {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look(s.contentType, s.bytes)
			is.NoErr(err)
			is.Equal(result.ContentType, s.contentType)
			width, height, film := s.verdict.film()
			if s.contentType == "video/mp2t" {
				width, height = 0, 0 // which are in the film itself
			}
			is.Equal(result.Video != nil, film)
			is.Equal(result.Audio != nil, !film)
			is.Equal(result.Image, nil)
			d := 0.0
			if film {
				is.Equal([]int{result.Video.Width, result.Video.Height}, []int{width, height})
				d = result.Video.Duration
			} else {
				d = result.Audio.Duration
			}
			if !s.near(d) {
				t.Errorf("%v is not %v", d, s.verdict.seconds())
			}
		})
	}
}

func TestSniffedSamplesEndWithTheirTypes(t *testing.T) {
	for _, s := range avSamples(t, "/") {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			result, _, err := look(processing.Sniff(s.bytes), s.bytes)
			is.NoErr(err)
			is.Equal(result.ContentType, s.contentType)
		})
	}
}

// picture is the size that a picture is displayed in.
func (v avVerdict) picture() media.Image {
	if v.HEIFInfo != nil {
		return *v.HEIFInfo
	}
	m := media.Image{Width: v.AVIFDec.Width, Height: v.AVIFDec.Height}
	if v.AVIFDec.Crop != nil {
		m = media.Image{Width: v.AVIFDec.Crop.W, Height: v.AVIFDec.Crop.H}
	}
	if v.AVIFDec.IRot%2 == 1 {
		m.Width, m.Height = m.Height, m.Width
	}
	return m
}

func TestPicturesInBoxesHaveTheSizeThatDecodersSay(t *testing.T) {
	for _, s := range avSamples(t, "image/") {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			for _, declared := range []string{s.contentType, "image/heif"} {
				result, _, err := look(declared, s.bytes)
				is.NoErr(err)
				is.Equal(*result.Image, s.verdict.picture())
				is.Equal(result.ContentType, s.contentType)
			}
		})
	}
}

func TestOtherNamesOfRecordingsAreReadAlike(t *testing.T) {
	names := map[string][]string{
		"m4a.m4a": {"audio/x-m4a", "audio/m4a"}, "m4v.m4v": {"video/x-m4v"}, "mka.mka": {"audio/x-matroska"},
		"mkv.mkv": {"video/x-matroska"}, "avi.avi": {"video/avi", "video/msvideo"}, "aiff.aiff": {"audio/x-aiff"},
		"flac.flac": {"audio/x-flac"}, "wav.wav": {"audio/x-wav", "audio/wave", "audio/vnd.wave"}, "aac.aac": {"audio/aacp"},
		"mp3-info.mp3": {"audio/mp3", "audio/mpg"}, "ogg-opus.opus": {"audio/opus"}, "3gp.3gp": {"video/3gp"},
	}
	for _, s := range avSamples(t, "audio/", "video/") {
		for _, declared := range names[s.name] {
			t.Run(declared, func(t *testing.T) {
				is := is.New(t)
				result, _, err := look(declared, s.bytes)
				is.NoErr(err)
				is.Equal(result.ContentType, s.contentType)
				is.True(result.Audio != nil || result.Video != nil)
			})
		}
	}
}
