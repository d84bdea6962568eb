#!/bin/sh
# Makes the samples beside it, and truth.json: what other programs say of each.
# Debian 12: imagemagick libtiff-tools libopenjp2-tools libjxl-tools icoutils
# libimage-exiftool-perl librsvg2-bin webp ffmpeg jq file.
set -eu
cd "$(dirname "$0")"
im=/usr/bin/convert
exif() { exiftool -q -q -overwrite_original -n "$@"; }

$im -size 37x23 gradient:red-blue -strip png.png
$im png.png -type Palette png-palette.png
ffmpeg -loglevel error -y -f lavfi -i testsrc=size=37x23:rate=5:duration=0.4 -fflags +bitexact -f apng png-animated.png
cp png.png png-turned.png && exif -Orientation=6 png-turned.png

$im png.png jpeg.jpg
$im png.png -interlace Plane jpeg-progressive.jpg
$im png.png -colorspace CMYK jpeg-ink.jpg
$im png.png -colorspace Gray jpeg-grey.jpg
for o in 1 2 3 4 5 6 7 8; do cp jpeg.jpg "jpeg-exif-$o.jpg" && exif -Orientation=$o "jpeg-exif-$o.jpg"; done

$im png.png gif.gif
$im png.png GIF87:gif-87.gif
$im -delay 10 png.png \( png.png -negate \) -loop 0 gif-animated.gif

$im png.png webp.webp
cwebp -quiet -lossless png.png -o webp-lossless.webp
$im png.png -alpha set -channel A -evaluate set 50% webp-alpha.webp
cp webp.webp webp-turned.webp && exif -Orientation=8 webp-turned.webp

$im png.png BMP3:bmp-3.bmp
$im png.png -alpha set BMP:bmp-5.bmp
$im png.png BMP2:bmp-os2.bmp
$im png.png -type Palette BMP3:bmp-palette.bmp

$im png.png -compress LZW tiff.tif
$im png.png -define tiff:endian=msb tiff-motorola.tif
$im png.png -orient right-top tiff-turned.tif
tiffcp tiff.tif tiff-motorola.tif tiff-two-pages.tif
tiffcp -8 tiff.tif tiff-big.tif
tiffcp -8 -B tiff.tif tiff-big-motorola.tif
tiffcp -8 tiff-turned.tif tiff-big-turned.tif

$im png.png psd.psd
$im png.png psb.psb

$im png.png -compress None tga.tga
$im png.png -compress RLE tga-packed.tga
$im png.png -type Grayscale tga-grey.tga
$im png.png -type Palette tga-palette.tga

for s in 16x16 48x48 256x256 300x200; do $im -size $s gradient: "part-$s.png"; done
icotool -c -o ico.ico part-16x16.png
icotool -c -o ico-many.ico part-16x16.png part-48x48.png --raw=part-256x256.png
icotool -c -o ico-large.ico --raw=part-300x200.png
icotool -c --cursor -o cur.cur part-48x48.png
rm part-*.png

opj_compress -n 2 -i png.png -o jp2.jp2 >/dev/null
opj_compress -n 2 -i png.png -o j2c.j2k >/dev/null
opj_compress -n 2 -d 11,7 -i png.png -o j2c-moved.j2k >/dev/null
opj_compress -n 2 -t 16,16 -i png.png -o jp2-tiles.jp2 >/dev/null

jxl() { cjxl "$@" >/dev/null 2>&1; }
jxl png.png jxl.jxl
jxl png.png jxl-boxes.jxl --container=1
jxl jpeg-exif-6.jpg jxl-of-jpeg.jxl
$im -size 64x32 gradient: part.png && jxl part.png jxl-eighths.jxl
$im -size 1920x1080 xc:red part.png && jxl part.png jxl-ratio.jxl
$im -size 3000x7 xc:red part.png && jxl part.png jxl-wide.jxl
jxl png-turned.png jxl-turned.jxl
rm part.png

ns='xmlns="http://www.w3.org/2000/svg"'
svg() { printf '%s' "$2" > "svg-$1.svg"; }
svg pixels "<svg $ns width=\"37\" height=\"23px\"><rect width=\"9\" height=\"9\"/></svg>"
svg millimetres "<?xml version=\"1.0\"?><svg $ns width=\"100mm\" height=\"50.8mm\"><rect width=\"9\" height=\"9\"/></svg>"
svg points "<svg $ns width=\"72pt\" height=\"3pc\"><rect width=\"9\" height=\"9\"/></svg>"
svg inches "<svg $ns width=\"1in\" height=\"2.54cm\"><rect width=\"9\" height=\"9\"/></svg>"
svg viewbox "<svg $ns viewBox=\"0 0 37 23\"><rect width=\"9\" height=\"9\"/></svg>"
svg percent "<svg $ns width=\"100%\" height=\"100%\" viewBox=\"0,0,37,23\"><rect width=\"9\" height=\"9\"/></svg>"
svg width-only "<svg $ns width=\"74\" viewBox=\"0 0 37 23\"><rect width=\"9\" height=\"9\"/></svg>"
svg height-only "<svg $ns height=\"46\" viewBox=\"0 0 37 23\"><rect width=\"9\" height=\"9\"/></svg>"
svg prefixed "<s:svg xmlns:s=\"http://www.w3.org/2000/svg\" width=\"37\" height=\"23\"><s:rect width=\"9\" height=\"9\"/></s:svg>"
svg doctype "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!-- Made > by hand -->
<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\" [
<!ENTITY ns \"http://www.w3.org/2000/svg\"> <!-- ]> -->
]>
<svg xmlns=\"&ns;\" width=\"37\" height=\"23\"><rect width=\"9\" height=\"9\"/></svg>"

# The verdicts. Formats that ImageMagick does not read go through the decoder
# that reads them; those give the displayed size.
verdict() {
  as=$(mktemp --suffix=.png)
  case $1 in
  *.jxl) djxl "$1" "$as" >/dev/null 2>&1; by=djxl ;;
  *.j2k|*.jp2) opj_decompress -i "$1" -o "$as" >/dev/null; by=opj_decompress ;;
  *.svg) rsvg-convert "$1" -o "$as"; by=rsvg-convert ;;
  *) rm "$as"; as=$1; by=identify ;;
  esac
  # The largest of several, as icons have them; the screen of an animation.
  size=$(identify -format '%W %H\n' "$as" | sort -n | tail -n 1)
  turn=0
  [ $by != identify ] || turn=$(exiftool -n -s3 -IFD0:Orientation "$1" 2>/dev/null || true)
  jq -cn --arg by $by --arg type "$(file -b --mime-type "$1")" --arg turn "${turn:-0}" \
    --argjson width "${size% *}" --argjson height "${size#* }" \
    '{by: $by, file: $type, width: $width, height: $height, orientation: ($turn | tonumber)}'
  [ "$as" = "$1" ] || rm "$as"
}
{
  echo '{'
  first=1
  for f in *; do
    case $f in make.sh|truth.json|README.md) continue ;; esac
    [ $first = 1 ] || echo ','
    first=0
    printf '"%s":%s' "$f" "$(verdict "$f")"
  done
  printf '\n}\n'
} > truth.json
