// Package processing finds out what the files of a Media are: the content type
// that their bytes show, the group that they are sorted into, and the size,
// the duration or the number of pages that their headers say.
//
// A [Worker] claims the files that wait, runs a [Processor] over their bytes
// and reports what it found as a command. [Headers] is the Processor that
// weegloo brings. It reads kilobytes, runs no other program, decodes no pixel
// and believes no number of a file: of each file at most 1 MiB is read and
// 1 MiB allocated, whatever it says of itself, and for the ordinary image it
// is 4 KiB of each.
//
// # Content types
//
// The bytes decide (contract, section 3). [Sniff] looks at the first of them
// when they are uploaded; where they cannot tell, the file is asked once more
// when it is processed:
//
//	what the first bytes show        what is asked                       what it may be then
//	zip, OOXML, JAR                  "mimetype", the list of parts,      Office documents, templates and those with
//	                                 names in the directory              macros, OpenDocument, EPUB, JAR, APK, KMZ
//	OLE                              the streams in the directory        doc, xls, ppt, msg, vsd, hwp, msi
//	text, HTML, XML, SVG             the outermost element, within       SVG, XHTML, RSS, Atom, RDF, XSLT, MathML
//	                                 64 KiB; no entity is expanded
//	TIFF                             the tags of the first directory     DNG
//	MP4, QuickTime, 3GP              the brand, and the kinds of tracks  a film, or sound alone
//	Matroska, WebM, Ogg              the kinds of tracks or streams      a film, or sound alone
//	HEIF                             how the primary item is coded       HEIC, AVIF
//	MP3                              what stands behind the tag          FLAC, AAC
//	noise that is called TGA         whether it can be the header        TGA
//
// A track that is switched off, such as the pictures for the chapters of a
// book, makes no film. QuickTime has no other type for sound alone.
//
// What the client declares is kept only if it is the same as what is shown or
// a more specific kind of it: text/markdown over text, a raw photograph over
// TIFF, an Office document over a zip whose parts do not tell. If it is not,
// the extension of the name counts under the same condition, so that main.go
// declared as application/octet-stream is text/x-go; declared as text/plain it
// is what its client says. CSV, a message and HTML that begins with neither a
// document type nor its own element are guesses, and the client or the name
// that says that it is text of another kind knows better. Text never becomes
// markup by declaration or by name, and noise is never of a type that has a
// signature. All of it is in one table, with the reasons: reconcile_table.go.
//
// What is compressed is not looked into: an svgz is application/gzip, and a
// tar in gzip is application/x-tgz only if the client or the name says so.
//
// # What is read, and how broken files end
//
// A file whose bytes show one of these types and are broken ends as FAILED
// with the reason of the table, or is done without the detail where the table
// has none. A file that may be fine and does not say what is wanted of it is
// done without the detail.
//
//	format                 what is read                                      broken     done without detail
//	PNG, APNG              IHDR and its checksum; eXIf before the pixels     FAILED     -
//	JPEG                   the frame header of any coding; the first EXIF    FAILED     -
//	GIF                    the screen; the first frame if it has none        FAILED     -
//	WebP                   VP8, VP8L or VP8X; EXIF                           FAILED     -
//	BMP                    all headers from OS/2 to version 5                FAILED     -
//	TIFF, BigTIFF          the first directory, with its orientation         FAILED     its first image is a thumbnail
//	DNG, CR2, NEF, ARW,    nothing: their first image is a thumbnail         -          always
//	  ORF, RW2, RAF, ...
//	ICO, CUR               the largest entry, and the PNG or bitmap in it    FAILED     -
//	TGA                    the header                                        FAILED     -
//	JPEG 2000              ihdr; SIZ of a bare codestream                    FAILED     -
//	JPEG XL                SizeHeader and orientation, bare or in boxes      FAILED     -
//	PSD, PSB               the header                                        FAILED     -
//	SVG                    width and height in px, in, cm, mm, Q, pt, pc;    FAILED     no size that does not depend
//	                       the view box where they are missing or relative              on the page around it
//	HEIC, HEIF, AVIF       ispe of the primary item; clap, irot; a track     FAILED     -
//	other images           nothing                                           -          always
//	PDF                    the pages: the dictionary of a linearized file,   -          encrypted streams, indirect or
//	                       or startxref, tables and streams of the                      unbelievable counts, filters
//	                       cross-reference, catalogue, root of the pages                other than Flate
//	MP4, QuickTime, 3GP    size and duration: moov before or behind the      FAILED     a compressed moov
//	                       film; mehd, sidx or the fragments one by one
//	Matroska, WebM         size and duration: Info and Tracks, or the        FAILED     -
//	                       blocks of the film
//	AVI                    size and duration: the list of headers            FAILED     -
//	Ogg                    size and duration: the first pages and the last;  FAILED     -
//	                       Theora, Vorbis, Opus, Speex, FLAC
//	MPEG-TS                duration: the first pictures and the last         -          the size; no tables; out of step
//	MP3, MP2               duration: Xing, Info or VBRI; the bitrate if it   -          no frame: two bytes are no
//	                       is the same all over; else frame by frame                    signature
//	AAC (ADTS)             duration: frame by frame                          -          no frame, likewise
//	WAV, RF64, AIFF, AIFC  duration: the format and the size, fact or ds64,  FAILED     -
//	                       COMM
//	FLAC                   duration: STREAMINFO                              FAILED     -
//	other films and sound  nothing                                           -          always
//
// A film is FAILED with [ReasonUnreadableVideo] and sound with
// [ReasonUnreadableAudio], by what their first bytes and their client said. The
// size of a film is the displayed one, stretched to square pixels and turned.
// Whatever of size and duration is not there, cannot be reached within the
// budget, contradicts another number of the file, or is a duration of more
// than a year, is left out.
//
// An image is FAILED with [ReasonUnreadableImage]. Its size is the displayed
// one: turned as its orientation says, which is none if it cannot be read.
// Sides from 1 to 1,000,000 pixels are believed, and 1 to 1,000,000 pages if
// the file has as many objects.
package processing
