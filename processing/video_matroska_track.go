package processing

import (
	"math"

	"github.com/weegloo/weegloo/internal/ebml"
)

func (r *recording) takeTracks(tracks ebml.Element) error {
	if tracks.Cut {
		return malformed("the tracks are cut off")
	}
	for e, err := range tracks.Elements() {
		if err == nil && e.ID == idEntry {
			err = r.takeEntry(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *recording) takeEntry(entry ebml.Element) error {
	kind := uint64(0)
	var shot frame
	for e, err := range entry.Elements() {
		switch {
		case err != nil:
			return err
		case e.ID == idTrackType:
			kind, err = e.Uint()
		case e.ID == idVideo:
			err = shot.take(e)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case kind == 1 && !r.film:
		r.film = true
		r.width, r.height = shot.displayed()
	case kind == 2:
		r.sound = true
	}
	return nil
}

// frame is what a track of Matroska says of its pictures.
type frame struct {
	width, height                            uint64
	cropTop, cropBottom, cropLeft, cropRight uint64
	displayWidth, displayHeight, unit        uint64
	roll                                     float64 // degrees
}

func (f *frame) take(video ebml.Element) error {
	for e, err := range video.Elements() {
		if err != nil {
			return err
		}
		if field := f.field(e.ID); field != nil {
			*field, err = e.Uint()
		} else if e.ID == idProjection {
			err = f.takeProjection(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// field is where the number that an element is belongs.
func (f *frame) field(id uint32) *uint64 {
	switch id {
	case idPixelWidth:
		return &f.width
	case idPixelHeight:
		return &f.height
	case idCropTop:
		return &f.cropTop
	case idCropBottom:
		return &f.cropBottom
	case idCropLeft:
		return &f.cropLeft
	case idCropRight:
		return &f.cropRight
	case idDisplayWidth:
		return &f.displayWidth
	case idDisplayHeight:
		return &f.displayHeight
	case idDisplayUnit:
		return &f.unit
	}
	return nil
}

func (f *frame) takeProjection(projection ebml.Element) error {
	for e, err := range projection.Elements() {
		if err == nil && e.ID == idRoll {
			f.roll, err = e.Float()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// displayed is the size that is left after cropping, stretched and turned as
// the track demands.
func (f *frame) displayed() (width, height int64) {
	for _, n := range []uint64{f.width, f.height, f.cropTop, f.cropBottom, f.cropLeft, f.cropRight, f.displayWidth, f.displayHeight} {
		if n > maxSide {
			return 0, 0
		}
	}
	width = int64(f.width) - int64(f.cropLeft) - int64(f.cropRight)
	height = int64(f.height) - int64(f.cropTop) - int64(f.cropBottom)
	if width < 1 || height < 1 {
		return 0, 0
	}
	if across, down := int64(f.displayWidth), int64(f.displayHeight); across > 0 && down > 0 {
		switch f.unit {
		case 0: // pixels
			width, height = across, down
		case 3: // a ratio; inches and the like have no size
			width = (height*across + down/2) / down
		}
	}
	if math.Abs(math.Abs(f.roll)-90) < 1 {
		return height, width
	}
	return width, height
}
