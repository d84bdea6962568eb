#!/bin/sh
# Makes the samples beside it, and truth.json: what file(1) and pdfinfo say of
# each. Debian 12: libreoffice-writer-nogui libreoffice-calc-nogui
# libreoffice-impress-nogui ghostscript qpdf poppler-utils librsvg2-bin
# 7zip zip zstd jq file.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
export HOME="$work"
zero() { find "$1" -exec touch -t 202601010000 {} +; }

# Documents
printf 'Title\n\nSome words.\n' > "$work/text.txt"
printf 'a,b\n1,2\n3,4\n' > "$work/sheet.csv"
cat > "$work/slides.fodp" <<'X'
<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body><office:presentation><draw:page draw:name="one"/></office:presentation></office:body></office:document>
X
office() { # source, then the forms it is converted to
  from=$1; shift
  for to in "$@"; do soffice --headless --convert-to "$to" --outdir "$work/out" "$from" >/dev/null 2>&1; done
}
office "$work/text.txt" odt ott docx doc rtf epub fodt
office "$work/text.txt" 'dotx:MS Word 2007 XML Template' 'docm:MS Word 2007 XML VBA'
office "$work/sheet.csv" ods ots xlsx xls 'xlsm:Calc MS Excel 2007 VBA XML' 'xltx:Calc MS Excel 2007 XML Template'
office "$work/slides.fodp" odp otp pptx 'ppsx:Impress MS PowerPoint 2007 XML AutoPlay' 'potx:Impress MS PowerPoint 2007 XML Template'
cp "$work"/out/* .

# PDF
soffice --headless --convert-to pdf --outdir "$work" "$work/text.txt" >/dev/null 2>&1
cp "$work/text.pdf" pdf-libreoffice.pdf
pages=''; for n in 1 2 3 4 5 6 7 8 9 10 11 12; do pages="$pages newpath 10 10 moveto $n 9 lineto stroke showpage"; done
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -o "$work/gs.pdf" -c "$pages"
cp "$work/gs.pdf" pdf-ghostscript.pdf
printf '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' > "$work/one.svg"
rsvg-convert -f pdf -o pdf-cairo.pdf "$work/one.svg" "$work/one.svg" "$work/one.svg"
q() { qpdf --deterministic-id "$@"; }
q "$work/gs.pdf" --object-streams=generate pdf-packed.pdf
q "$work/gs.pdf" --linearize pdf-linear.pdf
q "$work/gs.pdf" --linearize --object-streams=generate pdf-linear-packed.pdf
q "$work/gs.pdf" --qdf --object-streams=disable pdf-plain.pdf
q "$work/gs.pdf" --object-streams=generate --stream-data=uncompress pdf-packed-plain.pdf
qpdf --static-aes-iv --static-id --encrypt '' owner 256 -- "$work/gs.pdf" pdf-encrypted.pdf
qpdf --static-aes-iv --static-id --encrypt '' owner 256 -- --object-streams=generate "$work/gs.pdf" pdf-encrypted-packed.pdf

# Archives
mkdir "$work/a" && printf 'hello\n' > "$work/a/hello.txt" && zero "$work/a"
(cd "$work/a" && zip -qX ../zip.zip hello.txt && tar --owner=0 --group=0 -cf ../tar.tar hello.txt)
cp "$work/zip.zip" zip.zip; cp "$work/tar.tar" tar.tar
gzip -nc "$work/tar.tar" > tgz.tar.gz; gzip -nc "$work/a/hello.txt" > gz.gz
bzip2 -c "$work/tar.tar" > bz2.tar.bz2; xz -c "$work/tar.tar" > xz.tar.xz; zstd -qc "$work/tar.tar" > zstd.tar.zst
7z a -mtm- -bso0 7z.7z "$work/a/hello.txt" >/dev/null
mkdir -p "$work/jar/META-INF" "$work/jar/a" && printf 'Manifest-Version: 1.0\n' > "$work/jar/META-INF/MANIFEST.MF"
printf 'x' > "$work/jar/a/first.class"; printf 'x' > "$work/jar/AndroidManifest.xml"; zero "$work/jar"
(cd "$work/jar" && zip -qX ../jar.jar a/first.class META-INF/MANIFEST.MF && zip -qX ../apk.apk a/first.class META-INF/MANIFEST.MF AndroidManifest.xml)
cp "$work/jar.jar" jar-late.jar; cp "$work/apk.apk" apk-late.apk
# The parts that tell stand behind one that fills the first bytes.
mkdir "$work/late" && (cd "$work/late" && unzip -qo ../out/text.docx && head -c 9000 /dev/urandom > big.bin && zero . &&
  zip -q0X ../late.docx big.bin && zip -qrX ../late.docx . -x big.bin)
cp "$work/late.docx" docx-late.docx

# Text
text() { printf "$2" > "$1"; }
text text.txt 'Dear reader, here is a letter.\nIt has two lines.\n'
text latin1.txt 'caf\351 au lait\n'
text utf16.txt '\377\376h\000e\000l\000l\000o\000'
text readme.md '# Title\n\nSome *words*.\n'
text readme-html.md '<p align="center">\n  <img src="logo.png">\n</p>\n\n# Title\n'
text readme-comment.md '<!-- toc -->\n# Title\n'
text table.csv 'name,size\na,1\nb,2\n'
text column.csv 'name\na\nb\n'
text table.tsv 'name\tsize\na\t1\nb\t2\n'
text verse.txt 'Roses are red, violets are blue,\nSugar is sweet, and so are you,\n'
text object.json '{"a": [1, 2, {"b": null}]}\n'
text lines.jsonl '{"a": 1}\n{"a": 2}\n'
text map.geojson '{"type": "FeatureCollection", "features": []}\n'
text main.go 'package main\n\nfunc main() {}\n'
text main.py 'import os\n\nprint(os.name)\n'
text main.js 'export const a = 1;\n'
text style.css 'body { color: red }\n'
text script.sh '#!/bin/sh\necho hello\n'
text config.yaml 'a: 1\nb:\n  - c\n'
text page.html '<!DOCTYPE html><html><body>Hello</body></html>\n'
text page-late.html '<!-- by hand -->\n<html><body>Hello</body></html>\n'
text fragment.html '<div><p>Hello</p></div>\n'
text page.xhtml '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>\n'
text page-xhtml.html '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>\n'
text note.xml '<?xml version="1.0"?>\n<note>Buy milk</note>\n'
text page-with-svg.xhtml '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><svg xmlns="http://www.w3.org/2000/svg"/></body></html>\n'
text rss.rss '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>a</title></channel></rss>\n'
text rss-bare.rss '<rss version="2.0"><channel><title>a</title></channel></rss>\n'
text atom.atom '<?xml version="1.0"?>\n<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>\n'
text rdf.rdf '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>\n'
text sheet.xsl '<?xml version="1.0"?>\n<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>\n'
text comment.svg '<!-- by hand -->\n<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>\n'
{ printf '<?xml version="1.0"?>\n<!-- '; head -c 5000 /dev/zero | tr '\0' x; printf ' -->\n<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>\n'; } > licence.svg
text elements.txt '<svg is an element of SVG.\n'
: > empty.txt

rm -r "$work"
{
  echo '{'
  first=1
  for f in *; do
    case $f in make.sh|truth.json|README.md) continue ;; esac
    [ $first = 1 ] || echo ','
    first=0
    pages=0
    case $f in *.pdf) pages=$(pdfinfo "$f" | sed -n 's/^Pages: *//p') ;; esac
    printf '"%s":%s' "$f" "$(jq -cn --arg file "$(file -b --mime-type "$f")" --argjson pages "$pages" '{file: $file} + if $pages > 0 then {pages: $pages} else {} end')"
  done
  printf '\n}\n'
} > truth.json
