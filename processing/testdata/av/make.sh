#!/bin/sh
# Makes the samples beside it, and truth.json: what ffprobe, heif-info and
# avifdec say of each. Debian 12: ffmpeg libheif-examples libavif-bin jq.
set -eu
cd "$(dirname "$0")"

ff() { ffmpeg -hide_banner -loglevel error -y -fflags +bitexact "$@"; }
film="-f lavfi -i testsrc=size=96x64:rate=10:duration=1.5"
tone="-f lavfi -i sine=frequency=440:sample_rate=44100:duration=1.5"
h264="-c:v libx264 -preset ultrafast -pix_fmt yuv420p -crf 45 -x264-params keyint=5:scenecut=0"
lean="-flags:v +bitexact -flags:a +bitexact -map_metadata -1"
mono="-ac 1 -b:a 24k"

# ISO base media
ff $film $tone $h264 -c:a aac $mono $lean mp4-moov-last.mp4
ff -i mp4-moov-last.mp4 -c copy -movflags +faststart mp4-moov-first.mp4
ff -i mp4-moov-last.mp4 -c copy -an mp4-no-audio.mp4
ff -i mp4-moov-last.mp4 -c copy -vn -f mp4 mp4-audio-only.mp4
ff -i mp4-moov-last.mp4 -c copy -metadata:s:v rotate=90 mp4-turned.mp4
ff -i mp4-moov-last.mp4 -c copy -metadata:s:v rotate=180 mp4-upside-down.mp4
ff -i mp4-moov-last.mp4 -c copy -metadata:s:v rotate=270 mp4-turned-back.mp4
ff $film $h264 -vf setsar=4/3 $lean mp4-wide-pixels.mp4
ff -i mp4-moov-last.mp4 -c copy -movflags frag_keyframe+empty_moov+default_base_moof mp4-fragmented.mp4
ff -i mp4-moov-last.mp4 -c copy -movflags frag_keyframe+empty_moov+default_base_moof+skip_trailer mp4-fragmented-no-index.mp4
ff -i mp4-moov-last.mp4 -c copy -movflags dash+global_sidx+frag_keyframe+empty_moov+skip_trailer mp4-fragmented-sidx.mp4
ff -i mp4-moov-last.mp4 -c copy -movflags frag_keyframe mp4-fragmented-moov.mp4
ff -i mp4-moov-last.mp4 -c copy -f mov mov.mov
ff -i mp4-moov-last.mp4 -c copy -f mov -movflags +faststart mov-first.mov
ff -i mp4-moov-last.mp4 -c copy -f ipod m4v.m4v
ff -i mp4-moov-last.mp4 -c copy -vn -f ipod m4a.m4a
ff $film $tone -c:v h263 -s 128x96 -b:v 20k -c:a aac $mono $lean -f 3gp 3gp.3gp
ff $film $tone -c:v libaom-av1 -cpu-used 8 -crf 60 -c:a libopus $mono $lean mp4-av1.mp4

# Matroska
ff $film $tone -c:v libvpx -b:v 20k -c:a libvorbis -ac 1 $lean webm.webm
ff $film $tone -c:v libvpx-vp9 -b:v 20k -c:a libopus $mono $lean -f webm -live 1 webm-live.webm
ff -i webm.webm -c copy -vn webm-audio-only.webm
ff -i mp4-moov-last.mp4 -c copy mkv.mkv
ff -i mp4-moov-last.mp4 -c copy -vn -f matroska mka.mka
ff $film $h264 -vf setsar=4/3 $lean mkv-wide-pixels.mkv

# Other films
ff $film $tone -c:v mpeg4 -q:v 31 -c:a libmp3lame $mono $lean avi.avi
ff $film -c:v mpeg4 -q:v 31 $lean avi-no-audio.avi
ff -i mp4-moov-last.mp4 -c copy -f mpegts ts.ts
ff $film $tone -c:v libtheora -q:v 1 -c:a libvorbis -ac 1 $lean ogv.ogv

# Recordings
ff $tone -c:a libmp3lame $mono $lean -write_xing 0 mp3-cbr.mp3
ff $tone -c:a libmp3lame $mono $lean mp3-info.mp3
ff $tone -c:a libmp3lame -ac 1 -q:a 9 $lean mp3-vbr.mp3
ff $tone -c:a libmp3lame $mono -map_metadata -1 -metadata title=Tone -metadata artist=Nobody -id3v2_version 4 -write_id3v1 1 mp3-tagged.mp3
ff $tone -c:a libmp3lame $mono -ar 22050 $lean -write_xing 0 mp3-mpeg2.mp3
ff $tone -c:a libmp3lame $mono -ar 11025 $lean -write_xing 0 mp3-mpeg25.mp3
ff $tone -c:a libmp3lame -b:a 32k -ac 2 $lean mp3-stereo.mp3
ff $tone -c:a mp2 -b:a 32k -ac 1 $lean mp2.mp2
ff $tone -ar 8000 -c:a pcm_u8 -ac 1 $lean wav.wav
ff $tone -ar 8000 -c:a adpcm_ms -ac 1 $lean wav-adpcm.wav
ff $tone -ar 8000 -c:a pcm_u8 -ac 1 -rf64 always $lean wav-rf64.wav
ff $tone -ar 8000 -c:a pcm_u8 -ac 1 -f wav $lean - | cat > wav-streamed.wav
ff $tone -ar 8000 -c:a pcm_s8 -ac 1 $lean aiff.aiff
ff $tone -ar 8000 -c:a pcm_alaw -ac 1 $lean aifc.aifc
ff $tone -ar 8000 -c:a flac -ac 1 $lean flac.flac
ff $tone -ar 8000 -c:a flac -ac 1 -f flac $lean - | cat > flac-streamed.flac
ff $tone -c:a libvorbis -ac 1 -q:a 0 $lean ogg-vorbis.ogg
ff $tone -c:a libopus $mono $lean ogg-opus.opus
ff $tone -ar 8000 -c:a libspeex -ac 1 $lean ogg-speex.spx
ff $tone -ar 8000 -c:a flac -ac 1 -f ogg $lean ogg-flac.oga
ff $tone -c:a aac $mono $lean -f adts aac.aac

# Pictures in boxes
ffmpeg -hide_banner -loglevel error -y -f lavfi -i testsrc=size=96x64 -frames:v 1 still.png
ffmpeg -hide_banner -loglevel error -y -f lavfi -i testsrc=size=700x600 -frames:v 1 large.png
heif-enc -q 10 still.png -o heic.heic >/dev/null
heif-enc -A -q 10 still.png -o avif-libheif.avif >/dev/null
avifenc -s 8 --min 60 --max 63 still.png avif.avif >/dev/null
avifenc -s 8 --min 60 --max 63 --irot 1 still.png avif-turned.avif >/dev/null
avifenc -s 8 --min 60 --max 63 --irot 2 --imir 0 still.png avif-upside-down.avif >/dev/null
avifenc -s 8 --min 60 --max 63 --clap 48,1,64,1,0,1,0,1 still.png avif-cropped.avif >/dev/null
avifenc -s 8 --min 60 --max 63 --grid 2x2 large.png avif-grid.avif >/dev/null
ff -f lavfi -i testsrc=size=96x64:rate=10:duration=0.3 -c:v libaom-av1 -cpu-used 8 -crf 60 $lean avif-sequence.avif
rm -f still.png large.png

# The verdicts, as the tools give them.
verdict() {
	case $1 in
	*.heic | avif-libheif.avif) heif-info "$1" | sed -n 's/.*image: \([0-9]*\)x\([0-9]*\).*/{"heif-info":{"width":\1,"height":\2}}/p' ;;
	*.avif) avifdec --info "$1" | jq -Rsc '{avifdec: {
		width: (capture("Resolution *: (?<w>[0-9]+)x").w | tonumber),
		height: (capture("Resolution *: [0-9]+x(?<h>[0-9]+)").h | tonumber),
		irot: ((capture("irot.*: (?<a>[0-9]+)") | .a | tonumber)? // 0),
		crop: ((capture("crop rect: X: [0-9]+, Y: [0-9]+, W: (?<w>[0-9]+), H: (?<h>[0-9]+)") | map_values(tonumber))? // null) }}' ;;
	*.aac) ffprobe -v error -of json -show_entries packet=duration_time "$1" | # of the format it only guesses
		jq -c '{ffprobe: {duration: ([.packets[].duration_time | tonumber] | add | tostring), streams: [{codec_type: "audio"}]}}' ;;
	webm-live.webm) ffprobe -v error -of json -show_entries packet=pts_time:stream=codec_type,width,height "$1" | # nor of this
		jq -c '{ffprobe: {duration: ([.packets[].pts_time | tonumber] | (max - min) | tostring), streams: .streams}}' ;;
	*) ffprobe -v error -of json -show_entries \
		format=duration:stream=codec_type,width,height,sample_aspect_ratio:stream_side_data=rotation "$1" |
		jq -c '{ffprobe: {duration: .format.duration, streams: .streams}}' ;;
	esac
}
{
	echo '{'
	sep=''
	for f in *.*; do
		case $f in make.sh | truth.json | README*) continue ;; esac
		printf '%s"%s":%s' "$sep" "$f" "$(verdict "$f")"
		sep=',
'
	done
	printf '\n}\n'
} >truth.json
