// Package processing finds out what a file is: its content type, its mime
// groups, and the detail that is read from its headers.
//
// [Headers] does that without running a program, decoding a pixel or a sample,
// or believing a number of the file. Of a file of whatever size it reads at
// most 1 MiB, and allocates at most as much.
//
// # What is read, and when a file fails
//
// A file fails when its bytes carry the signature of a format and are not what
// the format demands, so that nothing can show or play them. It is done with
// less detail, or none, when the format is fine and we cannot read all of it.
// What cannot be believed is never told: sizes of more than a million pixels a
// side, durations of more than a year, and numbers that contradict each other.
//
//	recordings          detail                  fails                           done with less
//	MP4, QuickTime, 3GP size, duration          the movie box is missing, cut   the movie box is compressed; fragments
//	                                            or broken                       that are broken or too many: no duration
//	Matroska, WebM      size, duration          no tracks, or cut or broken     no duration in the header
//	AVI                 size, duration          no headers, or broken
//	Ogg                 size, duration          its first pages are broken      codings other than Theora, Vorbis, Opus,
//	                                                                            Speex and FLAC; no page at the end
//	MP3, MP2            duration                never: its signature is weak    no frame; bitrates that change in a file
//	                                                                            that does not count its frames and is long
//	AAC (ADTS)          duration                never: its signature is weak    no frame; more of them than are counted
//	WAV, RF64           duration                no format, or no data           coded, and of two opinions
//	AIFF, AIFC          duration                no common chunk
//	FLAC                duration                no stream metadata              sent while it was made
//
//	pictures in boxes   detail                  fails                           done with less
//	HEIC, HEIF, AVIF    size                    no primary item, or none with   items of an unknown coding: the type stays
//	                                            a size that can be believed     as declared
//
// The size of a film is the displayed one: after stretching to square pixels
// and turning. That of a picture in boxes is after cropping and turning.
//
// # What the container says of the type
//
// First bytes tell a container and not what is in it. Where the file tells
// more, it counts for more than what was declared: an MP4, 3GP, WebM, Matroska
// or Ogg without pictures is a recording of sound; MP4, QuickTime and 3GP are
// told apart by their brand; WebM and Matroska by the kind in their header; HEIC
// and AVIF by the coding of their primary item; FLAC and AAC behind a tag of
// MP3 are what they are. Pictures of a track that is switched off make no film.
package processing
