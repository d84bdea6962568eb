package processing

import (
	"fmt"
	"strings"
)

// reader looks into a file. Of the Result it sets the details, and the content
// type where the file shows a better one than its first bytes did.
//
// No reader believes a length it reads: bytes are only ever asked of a
// [section], which knows where the file and the budget end.
type reader func(file section) (Result, error)

// readers has the reader for each type of file that is looked into.
var readers = map[string]reader{
	"application/pdf":           readPDF,
	"application/ogg":           recordingsBy(readOgg),
	"audio/3gpp":                recordingsBy(readMovie),
	"audio/3gpp2":               recordingsBy(readMovie),
	"audio/aac":                 recordingsBy(readADTS),
	"audio/aiff":                recordingsBy(readAIFF),
	"audio/flac":                recordingsBy(readFLAC),
	"audio/matroska":            recordingsBy(readMatroska),
	"audio/mp4":                 recordingsBy(readMovie),
	"audio/mpeg":                recordingsBy(readMP3),
	"audio/ogg":                 recordingsBy(readOgg),
	"audio/wav":                 recordingsBy(readWAV),
	"audio/webm":                recordingsBy(readMatroska),
	"image/avif":                readHEIF,
	"image/bmp":                 picturesBy(readBMP),
	"image/gif":                 picturesBy(readGIF),
	"image/heic":                readHEIF,
	"image/heic-sequence":       readHEIF,
	"image/heif":                readHEIF,
	"image/heif-sequence":       readHEIF,
	"image/j2c":                 picturesBy(readJ2C),
	"image/jp2":                 picturesBy(readJP2),
	"image/jpeg":                picturesBy(readJPEG),
	"image/jpx":                 picturesBy(readJP2),
	"image/jxl":                 picturesBy(readJXL),
	"image/png":                 picturesBy(readPNG),
	"image/svg+xml":             picturesBy(readSVG),
	"image/tiff":                picturesBy(readTIFF),
	"image/vnd.adobe.photoshop": picturesBy(readPSD),
	"image/webp":                picturesBy(readWebP),
	"image/x-icon":              picturesBy(readICO),
	"image/x-tga":               picturesBy(readTGA),
	"video/3gpp":                recordingsBy(readMovie),
	"video/3gpp2":               recordingsBy(readMovie),
	"video/matroska":            recordingsBy(readMatroska),
	"video/mp2t":                recordingsBy(readTransport),
	"video/mp4":                 recordingsBy(readMovie),
	"video/ogg":                 recordingsBy(readOgg),
	"video/quicktime":           recordingsBy(readMovie),
	"video/webm":                recordingsBy(readMatroska),
	"video/x-msvideo":           recordingsBy(readAVI),
}

// look finds out what the reader for contentType can, which is nothing if
// there is none. It is the one place that tells bytes that will never be read
// from a store that does not read them now.
func look(contentType string, file section) (Result, error) {
	read, ok := readers[contentType]
	if !ok {
		return Result{ContentType: contentType}, nil
	}
	result, err := read(file)
	switch {
	case isBeyond(err):
		result = Result{}
	case isMalformed(err):
		return Result{}, NewFailure(unreadable(contentType), fmt.Errorf("%s: %w", contentType, err))
	case err != nil:
		return Result{}, fmt.Errorf("processing: read %s: %w", contentType, err)
	}
	if result.ContentType == "" {
		result.ContentType = contentType
	}
	return result, nil
}

// unreadable is the reason for which a file of the type fails.
func unreadable(contentType string) string {
	switch family, _, _ := strings.Cut(contentType, "/"); family {
	case "audio":
		return ReasonUnreadableAudio
	case "video":
		return ReasonUnreadableVideo
	}
	return ReasonUnreadableImage
}
