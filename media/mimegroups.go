package media

import (
	"slices"
	"strings"
)

// The groups that files are sorted into. They are words of the API.
const (
	GroupAttachment   = "Attachment" // whatever no other group takes
	GroupPlaintext    = "Plaintext"
	GroupImage        = "Image"
	GroupAudio        = "Audio"
	GroupVideo        = "Video"
	GroupRichText     = "RichText"
	GroupPresentation = "Presentation"
	GroupSpreadsheet  = "Spreadsheet"
	GroupPdfDocument  = "PdfDocument"
	GroupArchive      = "Archive"
	GroupCode         = "Code"
	GroupMarkup       = "Markup"
)

// MimeGroups sorts a file into its one group: by its content type, then by the
// extension of its name, else GroupAttachment (contract, section 3). Letter
// case and the parameters of the content type play no role. A type of text
// that no group names is plain text, unless the extension knows better.
func MimeGroups(contentType, fileName string) []string {
	contentType, _, _ = strings.Cut(contentType, ";")
	contentType = strings.ToLower(strings.TrimSpace(contentType))
	extension := strings.ToLower(fileName[strings.LastIndexByte(fileName, '.')+1:])

	for _, g := range mimeGroups {
		if g.hasType(contentType) {
			return []string{g.name}
		}
	}
	for _, g := range mimeGroups {
		if len(extension) < len(fileName) && slices.Contains(g.extensions, extension) {
			return []string{g.name}
		}
	}
	if strings.HasPrefix(contentType, "text/") {
		return []string{GroupPlaintext}
	}
	return []string{GroupAttachment}
}

type mimeGroup struct {
	name       string
	types      []string // "image/" is every image, "+xml" every type with that suffix
	extensions []string // lower case, without the dot
}

func (g mimeGroup) hasType(contentType string) bool {
	return slices.ContainsFunc(g.types, func(t string) bool {
		switch {
		case t[0] == '+':
			return strings.HasSuffix(contentType, t)
		case t[len(t)-1] == '/':
			return strings.HasPrefix(contentType, t)
		}
		return contentType == t
	})
}

// mimeGroups is asked from top to bottom. What names whole types stands first,
// so that image/svg+xml is an image, and what names suffixes stands last.
var mimeGroups = []mimeGroup{
	{GroupImage, []string{"image/"}, []string{
		"apng", "arw", "avif", "bmp", "cr2", "cur", "dcr", "dng", "erf", "gif", "heic", "heif", "icb", "ico", "j2c", "j2k",
		"jfif", "jp2", "jpeg", "jpf", "jpg", "jpx", "jxl", "kdc", "nef", "nrw", "orf", "pef", "png", "psb", "psd", "raf",
		"rw2", "sr2", "srf", "srw", "svg", "tga", "tif", "tiff", "vda", "vst", "webp",
	}},
	{GroupAudio, []string{"audio/"}, []string{
		"aac", "aif", "aiff", "amr", "flac", "m4a", "mid", "midi", "mka", "mp3", "oga", "ogg", "opus", "wav", "weba", "wma",
	}},
	{GroupVideo, []string{"video/", "application/mp4"}, []string{
		"3g2", "3gp", "avi", "flv", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm", "wmv",
	}},
	{GroupPdfDocument, []string{"application/pdf", "application/x-pdf"}, []string{"pdf"}},
	{GroupRichText, []string{
		"application/epub+zip",
		"application/haansofthwp", "application/haansofthwpx", "application/x-hwp", "application/x-hwpx",
		"application/vnd.hancom.hwp", "application/vnd.hancom.hwpx",
		"application/msword", "application/vnd.ms-word",
		"application/vnd.apple.pages", "application/x-iwork-pages-sffpages",
		"application/vnd.ms-word.document.macroenabled.12", "application/vnd.ms-word.template.macroenabled.12",
		"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text-template",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.template",
	}, []string{"doc", "docm", "docx", "dot", "dotm", "dotx", "epub", "hwp", "hwpx", "odt", "ott", "pages"}},
	{GroupPresentation, []string{
		"application/mspowerpoint", "application/vnd.ms-powerpoint",
		"application/vnd.apple.keynote", "application/x-iwork-keynote-sffkey",
		"application/vnd.ms-powerpoint.presentation.macroenabled.12",
		"application/vnd.ms-powerpoint.slideshow.macroenabled.12",
		"application/vnd.ms-powerpoint.template.macroenabled.12",
		"application/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.presentation-template",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
		"application/vnd.openxmlformats-officedocument.presentationml.slideshow",
		"application/vnd.openxmlformats-officedocument.presentationml.template",
	}, []string{"key", "odp", "otp", "pot", "potm", "potx", "pps", "ppsm", "ppsx", "ppt", "pptm", "pptx"}},
	{GroupSpreadsheet, []string{
		"application/msexcel", "application/vnd.ms-excel",
		"application/csv", "text/csv", "text/tab-separated-values",
		"application/vnd.apple.numbers", "application/x-iwork-numbers-sffnumbers",
		"application/vnd.ms-excel.sheet.binary.macroenabled.12",
		"application/vnd.ms-excel.sheet.macroenabled.12", "application/vnd.ms-excel.template.macroenabled.12",
		"application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet-template",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.template",
	}, []string{"csv", "numbers", "ods", "ots", "tsv", "xls", "xlsb", "xlsm", "xlsx", "xlt", "xltm", "xltx"}},
	{GroupArchive, []string{
		"application/zip", "application/x-zip", "application/x-zip-compressed",
		"application/gzip", "application/x-gzip", "application/x-compressed-tar", "application/x-tgz",
		"application/bzip2", "application/x-bzip", "application/x-bzip2", "application/x-bzip-compressed-tar",
		"application/x-7z-compressed", "application/x-gtar", "application/x-tar",
		"application/vnd.rar", "application/x-rar", "application/x-rar-compressed",
		"application/x-xz", "application/x-xz-compressed-tar", "application/xz", "application/x-zstd", "application/zstd",
	}, []string{
		"7z", "bz2", "gz", "rar", "tar", "tbz", "tbz2", "tgz", "txz", "tzst", "xz", "zip", "zst", "zstd",
	}},
	{GroupCode, []string{
		"application/ecmascript", "application/javascript", "application/x-javascript",
		"text/ecmascript", "text/javascript", "text/x-javascript", "text/css",
		"application/dart", "application/typescript", "application/x-typescript", "text/typescript", "text/x-typescript",
		"application/x-httpd-php", "text/x-php",
		"application/x-python", "text/x-python", "text/x-script.python",
		"application/x-perl", "text/x-perl", "application/x-ruby", "text/x-ruby", "application/x-tcl", "text/x-tcl",
		"application/x-sh", "application/x-shellscript", "application/x-powershell", "text/x-sh", "text/x-shellscript", "application/x-csh",
		"application/sql", "text/x-sql", "application/graphql",
		"text/x-c", "text/x-csrc", "text/x-chdr", "text/x-c++", "text/x-c++src", "text/x-c++hdr", "text/x-csharp",
		"text/x-go", "text/x-java", "text/x-java-source", "text/x-kotlin", "text/x-less", "text/x-lua", "text/x-objcsrc",
		"text/x-rust", "text/x-rustsrc", "text/x-sass", "text/x-scss", "text/x-scala", "text/x-source", "text/x-swift",
	}, []string{
		"bash", "c", "cc", "cjs", "clj", "cpp", "cs", "css", "cxx", "dart", "erl", "ex", "exs", "fs", "go", "graphql",
		"groovy", "h", "hh", "hpp", "hs", "java", "jl", "js", "jsx", "kt", "kts", "less", "lua", "m", "mjs", "mm", "php",
		"pl", "pm", "ps1", "py", "r", "rb", "rs", "sass", "scala", "scss", "sh", "sql", "svelte", "swift", "tcl", "ts",
		"tsx", "vue", "zig", "zsh",
	}},
	{GroupPlaintext, []string{
		"application/json", "text/json", "+json", "application/json5", "application/jsonl", "application/x-ndjson",
		"application/toml", "application/x-bibtex", "application/x-gettext", "application/x-pem-file",
		"application/x-subrip", "application/x-tex", "application/yaml",
		"application/rtf", "text/markdown", "text/plain", "text/rtf", "text/vtt", "text/x-markdown",
	}, []string{
		"bib", "diff", "geojson", "gltf", "ics", "json", "json5", "jsonl", "jsonld", "log",
		"markdown", "md", "ndjson", "patch", "pem", "po", "rtf", "srt",
		"tex", "text", "toml", "txt", "vcf", "vtt", "webmanifest", "yaml", "yml",
	}},
	{GroupMarkup, []string{"application/xml", "text/html", "text/xml", "+xml"}, []string{"atom", "htm", "html", "rss", "xhtml", "xml", "xsl"}},
}
