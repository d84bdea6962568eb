package processing

import (
	"github.com/weegloo/weegloo/internal/ebml"
)

// matroskaLimits are for the elements of a film, of which there are many only
// where its clusters are looked into.
var matroskaLimits = ebml.Limits{Bytes: readBudget, Elements: askBudget}

// The elements of Matroska that are read.
const (
	idHeader  = 0x1a45dfa3
	idDocType = 0x4282
	idSegment = 0x18538067

	idInfo     = 0x1549a966
	idScale    = 0x2ad7b1
	idDuration = 0x4489

	idTracks    = 0x1654ae6b
	idEntry     = 0xae
	idTrackType = 0x83
	idVideo     = 0xe0

	idCluster     = 0x1f43b675
	idClusterTime = 0xe7
	idSimpleBlock = 0xa3
	idBlockGroup  = 0xa0
	idBlock       = 0xa1

	idPixelWidth    = 0xb0
	idPixelHeight   = 0xba
	idCropBottom    = 0x54aa
	idCropTop       = 0x54bb
	idCropLeft      = 0x54cc
	idCropRight     = 0x54dd
	idDisplayWidth  = 0x54b0
	idDisplayHeight = 0x54ba
	idDisplayUnit   = 0x54b2
	idProjection    = 0x7670
	idRoll          = 0x7675
)

// readMatroska reads Matroska and WebM.
func readMatroska(file section) (recording, error) {
	var r recording
	docType := ""
	for e, err := range ebml.New(file, file.size, matroskaLimits).Elements() {
		switch {
		case err != nil:
			return r, err
		case e.ID == idHeader:
			docType, err = readDocType(e)
		case e.ID == idSegment:
			err = r.takeSegment(e)
			r.contentType = matroskaType(docType, r)
			return r, err
		}
		if err != nil {
			return r, err
		}
	}
	return r, malformed("no segment")
}

func readDocType(header ebml.Element) (string, error) {
	for e, err := range header.Elements() {
		if err != nil || e.ID == idDocType {
			if err == nil {
				return e.Text()
			}
			return "", err
		}
	}
	return "", nil
}

// matroskaType is for the kind that the header names, and for what the tracks
// are.
func matroskaType(docType string, r recording) string {
	family := "matroska"
	if docType == "webm" {
		family = "webm"
	}
	switch {
	case r.film:
		return "video/" + family
	case r.sound:
		return "audio/" + family
	}
	return ""
}

// takeSegment reads the two elements of the segment that matter, which mostly
// stand before the film. If they do not say how long it is, the film does.
func (r *recording) takeSegment(segment ebml.Element) error {
	var film clusters
	informed, tracked := false, false
	for e, err := range segment.Elements() {
		switch {
		case err != nil:
		case e.ID == idInfo:
			informed = true
			r.duration, film.scale, err = readInfo(e)
		case e.ID == idTracks:
			err = r.takeTracks(e)
			tracked = err == nil
		default:
			err = film.take(e)
		}
		if isMalformed(err) && tracked && r.duration == 0 {
			return nil // which is all that is wrong with it
		}
		if err != nil {
			return err
		}
		if informed && tracked && r.duration > 0 {
			return nil
		}
	}
	if !tracked {
		return malformed("no tracks")
	}
	var err error
	r.duration, err = forgiveDuration(film.duration())
	return err
}

// readInfo is how long the segment is, in seconds, and how many nanoseconds
// there are in a unit of its times.
func readInfo(info ebml.Element) (duration float64, scale uint64, err error) {
	scale = 1e6
	for e, err := range info.Elements() {
		switch {
		case err != nil:
			return 0, 0, err
		case e.ID == idScale:
			scale, err = e.Uint()
		case e.ID == idDuration:
			duration, err = e.Float()
		}
		if err != nil {
			return 0, 0, err
		}
	}
	return duration * float64(scale) / 1e9, scale, nil
}
