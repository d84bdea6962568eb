package processing

import (
	"math"
	"strconv"
	"strings"
)

// units are the lengths that are a number of pixels wherever a drawing is
// shown. All others depend on the page around it, or on its font.
var units = map[string]float64{
	"": 1, "px": 1, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6, "pt": 96.0 / 72, "pc": 16,
}

const errSizeless = beyond("the drawing has no size of its own")

// readSVG reads the size that a drawing is shown in: its width and height,
// where they are lengths that do not depend on what is around it. A side that
// is missing follows from the proportions of the view box, and if both are,
// the view box is as large in pixels as it says. Without all of that there is
// no size.
func readSVG(file section) (picture, error) {
	head, err := file.head(markupLength)
	if err != nil {
		return picture{}, err
	}
	r, ok := findRoot(head)
	if !ok || r.local() != "svg" {
		return picture{}, malformed("does not begin with an svg element")
	}
	width, height := length(r.attributes["width"]), length(r.attributes["height"])
	boxWidth, boxHeight := viewBox(r.attributes["viewBox"])
	switch {
	case width > 0 && height > 0:
	case boxWidth == 0:
		return picture{}, errSizeless
	case width > 0:
		height = width * boxHeight / boxWidth
	case height > 0:
		width = height * boxWidth / boxHeight
	default:
		width, height = boxWidth, boxHeight
	}
	if width > maxSide || height > maxSide {
		return picture{}, errSizeless // a drawing is none the worse for it
	}
	return picture{width: pixels(width), height: pixels(height)}, nil
}

// pixels is the nearest number of them, and not none.
func pixels(length float64) int64 { return max(int64(math.Round(length)), 1) }

// length is a length in pixels, or 0 if it is not one that is known.
func length(s string) float64 {
	s = strings.ToLower(strings.TrimSpace(s))
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz%")
	factor, ok := units[s[len(number):]]
	if !ok {
		return 0
	}
	return factor * positive(number)
}

// positive is a number above 0, or 0 if it is not one.
func positive(s string) float64 {
	if strings.Trim(s, "+-.0123456789e") != "" { // Go knows more numbers than SVG
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v > 0) {
		return 0
	}
	return v
}

// viewBox is the size of a view box, or zeros if it has none.
func viewBox(s string) (width, height float64) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n,", r) })
	if len(fields) != 4 {
		return 0, 0
	}
	width, height = positive(fields[2]), positive(fields[3])
	if width == 0 || height == 0 {
		return 0, 0
	}
	return width, height
}
