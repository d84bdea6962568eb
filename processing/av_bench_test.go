package processing_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/gabriel-vasile/mimetype"

	"github.com/weegloo/weegloo/processing"
)

// BenchmarkRecordings is what is paid for each of the samples, and for some
// files that make us read all we may, beside the library's part of it.
func BenchmarkRecordings(b *testing.B) {
	all := avSamples(b, "/")
	slices.SortFunc(all, func(x, y avSample) int { return strings.Compare(x.name, y.name) })
	fragments := strings.Repeat(moof(0, [2]int{2, 500}), 20_000)
	all = append(all,
		avSample{name: "hostile.mp4", contentType: "video/mp4", bytes: []byte(extended(mp4("iso5", 0, filmTrack), "", fragments))},
		avSample{name: "hostile.mkv", contentType: "video/matroska", bytes: []byte(mkv("webm", strings.Repeat("\xec\x42\x58"+strings.Repeat("x", 600), 4*mib/603)))},
		avSample{name: "hostile.mp3", contentType: "audio/mpeg", bytes: []byte(strings.Repeat("\xff\xfb\x90\x00", mib))},
		avSample{name: "hostile.ogg", contentType: "application/ogg", bytes: []byte(oggPage(true, 1, 0, "x") + strings.Repeat("OggS\x00", mib))},
	)
	for _, s := range all {
		b.Run(s.name+"/ours", func(b *testing.B) {
			m := &meter{r: bytes.NewReader(s.bytes)}
			source := processing.Source{Declared: s.contentType, Sniffed: s.contentType, Size: int64(len(s.bytes)), Bytes: m}
			b.ReportAllocs()
			runs := 0
			for b.Loop() {
				processing.Headers{}.Process(context.Background(), source)
				runs++
			}
			b.ReportMetric(float64(m.read)/float64(runs), "read-B/op")
		})
		b.Run(s.name+"/mimetype", func(b *testing.B) {
			head := s.bytes[:min(len(s.bytes), processing.SniffLength)]
			b.ReportAllocs()
			for b.Loop() {
				mimetype.Detect(head)
			}
		})
	}
}
