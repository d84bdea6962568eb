package processing

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
	"audio/x-mp3":                  "audio/mpeg",
	"audio/x-mpeg-3":               "audio/mpeg",
	"audio/x-pn-wav":               "audio/wav",
	"image/ico":                    "image/x-icon",
	"image/jfif":                   "image/jpeg",
	"image/jpg":                    "image/jpeg",
	"image/pjpeg":                  "image/jpeg",
	"image/svg":                    "image/svg+xml",
	"image/tif":                    "image/tiff",
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
	"text/xml":         {"*/*+xml", "text/xsl"},

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
	"video/matroska":  {"audio/matroska", "audio/x-matroska"},
	"video/mp4":       {"audio/mp4"},
	"video/webm":      {"audio/webm"},
	"video/x-ms-asf":  {"audio/x-ms-wma", "video/x-ms-wmv"},

	// Raw photographs are TIFF files whose first image is a thumbnail.
	"image/tiff": {
		"image/dng", "image/x-adobe-dng", "image/x-canon-cr2", "image/x-nikon-nef", "image/x-pentax-pef",
		"image/x-sony-arw",
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
