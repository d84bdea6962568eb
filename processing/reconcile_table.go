package processing

// Everything that is known about content types beside what the sniffing
// library knows, in the order in which it is asked: what the first bytes show
// (worded, signatures, closerLooks), what is in the file (deeperLooks, roots,
// zipParts, oleStreams), and which of the names that a client gives agree with
// that (names, kinds, signed, telling, guesses, extensions).

// Types that code speaks of.
const (
	octetStream = "application/octet-stream" // what noise is
	plainText   = "text/plain"
	typeHTML    = "text/html"
	typeSVG     = "image/svg+xml"
	typeTGA     = "image/x-tga"
	typeXHTML   = "application/xhtml+xml"
	typeXML     = "text/xml"
)

// worded are the binary formats that are known by two to four letters, with
// which a text may begin as well ("MZ", "FWS", "8BPS", "BZh", ...). Their
// headers never do without control bytes.
var worded = []string{
	"application/lzip",
	"application/vnd.apache.parquet",
	"application/vnd.microsoft.portable-executable",
	"application/x-bzip2",
	"application/x-shockwave-flash",
	"audio/basic",
	"audio/midi",
	"audio/musepack",
	"font/woff",
	"font/woff2",
	"image/vnd.adobe.photoshop",
	"image/vnd.dwg",
	"image/x-icns",
}

// signatures are those that the library does not know: a sign at an offset, in
// what it takes for something else.
var signatures = []struct {
	over        string
	at          int
	sign        string
	contentType string
}{
	{octetStream, 0, bigTIFFSign + "\x08\x00\x00\x00", "image/tiff"}, // files of more than 4 GiB, and others
	{octetStream, 0, bigTIFFSignMotorola + "\x00\x08\x00\x00", "image/tiff"},
	{octetStream, 0, j2cSign, "image/j2c"}, // JPEG 2000 without its boxes
	{octetStream, 8, "AIFC", "audio/aiff"},
	{octetStream, 8, "WAVEds64", "audio/wav"}, // RF64, of more than 4 GiB
	{octetStream, 0, "IIRO", "image/x-olympus-orf"},
	{octetStream, 0, "IIRS", "image/x-olympus-orf"},
	{octetStream, 0, "IIU\x00", "image/x-panasonic-rw2"},
	{octetStream, 0, "FUJIFILMCCD-RAW ", "image/x-fuji-raf"},
	{octetStream, 0, "FOVb", "image/x-sigma-x3f"},
	{"image/tiff", 8, "CR\x02\x00", "image/x-canon-cr2"}, // its first image is a small JPEG
}

// closerLooks are what the first bytes of a type are asked once more.
var closerLooks = map[string]func(head []byte, shown string) string{
	octetStream:    lookAtNoise,
	"image/x-icon": lookAtIcon, // four bytes are not enough of a signature

	// The library looks for one spelling of each, and for "<svg" anywhere.
	plainText:  lookAtMarkup,
	"text/csv": lookAtMarkup,
	typeHTML:   lookAtMarkup,
	typeXML:    lookAtMarkup,
	typeSVG:    lookAtMarkup,
	typeXHTML:  lookAtMarkup,
}

// deeperLooks are what files of a type are asked when their bytes can be read:
// what tells stands further behind than the first bytes.
var deeperLooks = map[string]func(file section, v verdict) (verdict, error){
	typeHTML:     lookDeeperAtMarkup, // also, whether it is only Markdown
	typeXML:      lookDeeperAtMarkup,
	typeSVG:      lookDeeperAtMarkup,
	"image/tiff": lookIntoTIFF,

	// The library sees the parts whose headers are among the first bytes, and
	// believes in them wherever they stand.
	"application/zip":                         lookIntoZip,
	"application/java-archive":                lookIntoZip,
	officeXML + "presentationml.presentation": lookIntoZip, // or a slide show, a template, with macros
	officeXML + "spreadsheetml.sheet":         lookIntoZip,
	officeXML + "wordprocessingml.document":   lookIntoZip,

	"application/x-ole-storage": lookIntoOLE, // its directory is mostly at the end
}

const officeXML = "application/vnd.openxmlformats-officedocument."

// roots are the outermost elements that make an XML text one of a type. The
// namespace must be the one given; a loose one may be left out, or stand for
// itself as an entity, if a declaration shows that it is XML.
var roots = []struct {
	name, space string
	loose       bool
	contentType string
}{
	{"svg", "http://www.w3.org/2000/svg", true, typeSVG},
	{"rss", "", false, "application/rss+xml"}, // never had a namespace
	{"RDF", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", false, "application/rdf+xml"},
	{"feed", "http://www.w3.org/2005/Atom", false, "application/atom+xml"},
	{"html", "http://www.w3.org/1999/xhtml", false, typeXHTML},
	{"math", "http://www.w3.org/1998/Math/MathML", false, "application/mathml+xml"},
	{"stylesheet", "http://www.w3.org/1999/XSL/Transform", false, "application/xslt+xml"},
	{"transform", "http://www.w3.org/1999/XSL/Transform", false, "application/xslt+xml"},
}

// zipParts are parts that every file of a type has. Office documents have a
// list of their parts that says more, and OpenDocument and EPUB a part with
// their type.
var zipParts = map[string]string{
	"AndroidManifest.xml":  "application/vnd.android.package-archive", // is a JAR as well, and wins
	"META-INF/MANIFEST.MF": "application/java-archive",
	"doc.kml":              "application/vnd.google-earth.kmz",
	"FixedDocSeq.fdseq":    "application/vnd.ms-xpsdocument",
	"3D/3dmodel.model":     "model/3mf",
}

// oleStreams are the streams that the types of OLE files have. Documents with a
// password have none of them: they are wrapped, whatever they are inside.
var oleStreams = map[string]string{
	"WordDocument":            "application/msword",
	"Workbook":                "application/vnd.ms-excel",
	"Book":                    "application/vnd.ms-excel", // before 1997
	"PowerPoint Document":     "application/vnd.ms-powerpoint",
	"VisioDocument":           "application/vnd.visio",
	"__properties_version1.0": "application/vnd.ms-outlook",
	"HwpSummaryInformation":   "application/x-hwp",
}

// names gives the one name of a content type where the sniffing library has
// none, or another.
var names = map[string]string{
	// Browsers and older software write these.
	"application/7z":               "application/x-7z-compressed",
	"application/bzip2":            "application/x-bzip2",
	"application/csv":              "text/csv",
	"application/ecmascript":       "text/javascript",
	"application/x-bzip":           "application/x-bzip2",
	"application/x-dosexec":        "application/vnd.microsoft.portable-executable",
	"application/x-httpd-php":      "text/x-php",
	"application/x-json":           "application/json",
	"application/x-msdos-program":  "application/vnd.microsoft.portable-executable",
	"application/x-msdownload":     "application/vnd.microsoft.portable-executable",
	"application/x-yaml":           "application/yaml",
	"application/x-zstd":           "application/zstd",
	"application/xz":               "application/x-xz",
	"audio/aacp":                   "audio/aac",
	"audio/mpeg3":                  "audio/mpeg",
	"audio/mpg":                    "audio/mpeg",
	"audio/opus":                   "audio/ogg",
	"audio/x-aac":                  "audio/aac",
	"audio/x-flac":                 "audio/flac",
	"audio/x-matroska":             "audio/matroska",
	"audio/x-mp3":                  "audio/mpeg",
	"audio/x-mpeg-3":               "audio/mpeg",
	"audio/x-pn-wav":               "audio/wav",
	"application/tga":              "image/x-tga",
	"application/x-photoshop":      "image/vnd.adobe.photoshop",
	"application/x-psd":            "image/vnd.adobe.photoshop",
	"image/dng":                    "image/x-adobe-dng",
	"image/ico":                    "image/x-icon",
	"image/j2k":                    "image/j2c",
	"image/jpeg2000":               "image/jp2",
	"image/jfif":                   "image/jpeg",
	"image/jpg":                    "image/jpeg",
	"image/pjpeg":                  "image/jpeg",
	"image/svg":                    "image/svg+xml",
	"image/psd":                    "image/vnd.adobe.photoshop",
	"image/targa":                  "image/x-tga",
	"image/tga":                    "image/x-tga",
	"image/tif":                    "image/tiff",
	"image/x-cursor":               "image/x-icon",
	"image/x-dng":                  "image/x-adobe-dng",
	"image/x-jp2-codestream":       "image/j2c",
	"image/x-photoshop":            "image/vnd.adobe.photoshop",
	"image/x-targa":                "image/x-tga",
	"image/x-win-bitmap":           "image/x-icon", // a cursor
	"image/vnd.microsoft.icon":     "image/x-icon",
	"image/x-png":                  "image/png",
	"image/x-tiff":                 "image/tiff",
	"image/x-windows-bmp":          "image/bmp",
	"multipart/x-zip":              "application/zip",
	"text/comma-separated-values":  "text/csv",
	"text/ecmascript":              "text/javascript",
	"text/json":                    "application/json",
	"text/x-csv":                   "text/csv",
	"text/x-javascript":            "text/javascript",
	"text/x-json":                  "application/json",
	"text/x-markdown":              "text/markdown",
	"text/x-rtf":                   "text/rtf",
	"text/x-yaml":                  "application/yaml",
	"text/yaml":                    "application/yaml",
	"video/mpg":                    "video/mpeg",
	"video/x-mpeg":                 "video/mpeg",
	"application/x-compressed-tar": "application/x-tgz",

	// A kind that every player and viewer knows under its family's name.
	"audio/m4a":              "audio/mp4",
	"audio/x-m4a":            "audio/mp4",
	"image/apng":             "image/png",
	"image/vnd.mozilla.apng": "image/png",
	"video/x-m4v":            "video/mp4",

	// The library takes these for other names of a film, which would make a
	// film of every recording; they are kinds, see below.
	"audio/3gpp":     "audio/3gpp",
	"audio/3gpp2":    "audio/3gpp2",
	"audio/webm":     "audio/webm",
	"video/x-ms-wmv": "video/x-ms-wmv",
}

// kinds lists, for what bytes show, the patterns of the canonical types that
// are more specific kinds of it and that first bytes alone cannot tell apart.
var kinds = map[string][]string{
	// Any text may be one of these: the type is a matter of what it is for.
	plainText: {
		"text/*",
		"*/*+json", // a text that is JSON further down than was looked
		"application/dart", "application/graphql", "application/json", "application/json5", "application/jsonl",
		"application/mbox", "application/n-quads", "application/n-triples", "application/pgp-*",
		"application/sparql-query", "application/sql", "application/toml", "application/trig",
		"application/typescript", "application/x-bibtex", "application/x-csh", "application/x-gettext",
		"application/x-latex", "application/x-ndjson", "application/x-pem-file", "application/x-perl",
		"application/x-powershell", "application/x-subrip", "application/x-tex", "application/x-texinfo",
		"application/x-typescript", "application/yaml", "model/mtl", "model/obj",
	},
	"application/json": {"*/*+json"}, // the suffix says that it is JSON

	// Of these, those in roots need their root.
	typeXML: {"*/*+xml", "text/xsl"},

	// The entry of a zip that tells its kind may stand anywhere in it.
	"application/zip": {
		"*/*+zip", // the suffix says that it is a zip
		"application/haansofthwpx", "application/vnd.hancom.hwpx", "application/x-hwpx",
		"application/java-archive", "application/vnd.android.package-archive",
		"application/oxps", "application/vnd.ms-xpsdocument",
		"application/vnd.apple.keynote", "application/vnd.apple.numbers", "application/vnd.apple.pages",
		"application/vnd.google-earth.kmz",
		"application/vnd.ms-*.macroenabled.12", "application/vnd.ms-visio.*",
		"application/vnd.oasis.opendocument.*", "application/vnd.sun.xml.*",
		"application/vnd.openxmlformats-officedocument.*",
		"application/x-cbz", "application/x-iwork-*", "application/x-xpinstall", "model/3mf",
	},
	"application/java-archive": {"application/vnd.android.package-archive"}, // an APK is a JAR with a manifest more

	// Templates, slide shows and macros differ from documents in one attribute.
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": {
		"application/vnd.openxmlformats-officedocument.wordprocessingml.*", "application/vnd.ms-word.*.macroenabled.12",
	},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
		"application/vnd.openxmlformats-officedocument.spreadsheetml.*", "application/vnd.ms-excel.*.macroenabled.12",
	},
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": {
		"application/vnd.openxmlformats-officedocument.presentationml.*", "application/vnd.ms-powerpoint.*.macroenabled.12",
	},

	// The directory of an OLE file is mostly at its end. Documents with a
	// password are wrapped in one, whatever they are inside.
	"application/x-ole-storage": {
		"application/haansofthwp", "application/vnd.hancom.hwp", "application/x-hwp",
		"application/msword", "application/vnd.ms-*", "application/vnd.openxmlformats-officedocument.*",
		"application/vnd.visio", "application/x-ms-installer",
	},

	// What is compressed is not looked into.
	"application/gzip":    {"*/*+gzip", "application/x-tgz"},
	"application/x-bzip2": {"application/x-bzip-compressed-tar"},
	"application/x-xz":    {"application/x-xz-compressed-tar"},

	// A container says what it may carry, not what it carries.
	"application/ogg": {"audio/ogg", "video/ogg"},
	"image/heif":      {"image/avif", "image/heic"},
	"video/3gpp":      {"audio/3gpp"},
	"video/3gpp2":     {"audio/3gpp2"},
	"video/matroska":  {"audio/matroska"},
	"video/mp4":       {"audio/mp4"},
	"video/webm":      {"audio/webm"},
	"video/x-ms-asf":  {"audio/x-ms-wma", "video/x-ms-wmv"},

	// Raw photographs are TIFF files whose first image is a thumbnail.
	"image/tiff": {
		"image/x-adobe-dng", "image/x-canon-cr2", "image/x-epson-erf", "image/x-kodak-dcr", "image/x-kodak-k25",
		"image/x-kodak-kdc", "image/x-nikon-nef", "image/x-nikon-nrw", "image/x-pentax-pef", "image/x-samsung-srw",
		"image/x-sony-arw", "image/x-sony-sr2", "image/x-sony-srf",
	},
}

// signed are the types of text that begin with a sign of their own or that
// browsers run: text without the sign is not of the type, whoever says so.
var signed = []string{
	"*/*html*", "*/*xml*", "*/xsl*", "text/vnd.wap.*", "text/x-component",
	"text/calendar", "text/rtf", "text/vcard", "text/vtt",
}

// telling are the families of types that noise is never a member of: their
// formats have signatures, or are text.
var telling = []string{"audio/*", "image/*", "message/*", "multipart/*", "text/*", "video/*"}

// guesses are what the sniffing library concludes from the layout of a text,
// not from a sign. Two lines with a comma each are CSV to it, so the client
// who says that it is text of another kind knows better.
var guesses = []string{"message/rfc822", "text/csv", "text/tab-separated-values"}

// documentTags are how a text begins that is HTML and cannot well be Markdown.
var documentTags = []string{"<!doctype html", "<html", "<head", "<body", "<title", "<script", "<style", "<iframe"}

// extensions are the types that the names of files tell, where the bytes show
// a less specific kind and the client says nothing of use: what browsers and
// command lines send of source code is mostly application/octet-stream. None
// is believed of noise, and none makes markup of text.
var extensions = map[string]string{
	// Text that means something by its name only.
	"bib": "application/x-bibtex", "csv": "text/csv", "diff": "text/x-diff", "json": "application/json",
	"json5": "application/json5", "jsonl": "application/x-ndjson", "log": plainText, "markdown": "text/markdown",
	"md": "text/markdown", "ndjson": "application/x-ndjson", "obj": "model/obj", "patch": "text/x-diff",
	"pem": "application/x-pem-file", "po": "application/x-gettext", "srt": "application/x-subrip",
	"tex": "application/x-tex", "toml": "application/toml", "tsv": "text/tab-separated-values", "txt": plainText,
	"yaml": "application/yaml", "yml": "application/yaml",

	// Source code.
	"bash": "text/x-shellscript", "c": "text/x-csrc", "cc": "text/x-c++src", "cjs": "text/javascript",
	"cpp": "text/x-c++src", "cs": "text/x-csharp", "css": "text/css", "cxx": "text/x-c++src",
	"dart": "application/dart", "go": "text/x-go", "graphql": "application/graphql", "h": "text/x-chdr",
	"hpp": "text/x-c++hdr", "java": "text/x-java", "js": "text/javascript", "jsx": "text/javascript",
	"kt": "text/x-kotlin", "kts": "text/x-kotlin", "less": "text/x-less", "lua": "text/x-lua",
	"mjs": "text/javascript", "php": "text/x-php", "pl": "text/x-perl", "pm": "text/x-perl",
	"ps1": "application/x-powershell", "py": "text/x-python", "rb": "text/x-ruby", "rs": "text/x-rust",
	"sass": "text/x-sass", "scala": "text/x-scala", "scss": "text/x-scss", "sh": "text/x-shellscript",
	"sql": "application/sql", "swift": "text/x-swift", "tcl": "text/x-tcl", "ts": "text/x-typescript",
	"tsx": "text/x-typescript", "zsh": "text/x-shellscript",

	// JSON and XML of a kind.
	"geojson": "application/geo+json", "gltf": "model/gltf+json", "jsonld": "application/ld+json",
	"webmanifest": "application/manifest+json",

	// What packers and cameras hide: gzip of a tar, TIFF of a raw photograph.
	"tgz": "application/x-tgz", "tbz2": "application/x-bzip-compressed-tar", "txz": "application/x-xz-compressed-tar",
	"arw": "image/x-sony-arw", "dcr": "image/x-kodak-dcr", "dng": "image/x-adobe-dng", "erf": "image/x-epson-erf",
	"kdc": "image/x-kodak-kdc", "nef": "image/x-nikon-nef", "nrw": "image/x-nikon-nrw", "pef": "image/x-pentax-pef",
	"sr2": "image/x-sony-sr2", "srf": "image/x-sony-srf", "srw": "image/x-samsung-srw",

	// Documents in a zip, or in an OLE file, that do not say what they are.
	"hwp": "application/x-hwp", "hwpx": "application/x-hwpx",
	"key": "application/vnd.apple.keynote", "numbers": "application/vnd.apple.numbers",
	"pages": "application/vnd.apple.pages", "kmz": "application/vnd.google-earth.kmz", "cbz": "application/x-cbz",

	// No signature: see lookForTGA.
	"icb": typeTGA, "tga": typeTGA, "vda": typeTGA, "vst": typeTGA,
}
