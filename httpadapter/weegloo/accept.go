package weegloo

import (
	"mime"
	"strconv"
	"strings"
)

// The media types of answers.
const (
	vendorType = "application/vnd.com.weegloo.v1+json;charset=UTF-8"
	jsonType   = "application/json;charset=UTF-8"
)

// negotiate is the media type of the answer to a request with the given Accept
// headers (contract, section 1). The range with the highest weight wins, the
// first one among equals.
func negotiate(accept []string) (string, error) {
	header := strings.TrimSpace(strings.Join(accept, ","))
	if header == "" {
		return vendorType, nil
	}
	best, answer := 0.0, ""
	for part := range strings.SplitSeq(header, ",") {
		mediaRange, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		if weight := quality(params["q"]); weight > best && answers[mediaRange] != "" {
			best, answer = weight, answers[mediaRange]
		}
	}
	if answer == "" {
		return vendorType, errNotAcceptable
	}
	return answer, nil
}

var answers = map[string]string{
	"*/*":                                 vendorType,
	"application/vnd.com.weegloo.v1+json": vendorType,
	"application/*":                       jsonType,
	"application/json":                    jsonType,
}

func quality(q string) float64 {
	if q == "" {
		return 1
	}
	weight, err := strconv.ParseFloat(q, 64)
	if err != nil || weight < 0 || weight > 1 {
		return 0
	}
	return weight
}
