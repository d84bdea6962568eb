package processing

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

const (
	oleEntrySize    = 128
	maxOLESectors   = 64         // of the directory that are looked at
	oleHeaderTables = 109        // places in the header for the tables of sectors
	oleLastSector   = 0xfffffffa // what is above ends a chain
)

// ole is the header of an OLE file, which is a file system of sectors.
type ole struct {
	file   section
	shift  uint16 // of the size of a sector
	first  uint32 // sector of the directory
	tables [oleHeaderTables]uint32
}

// lookIntoOLE is the type by the first stream in the directory that tells.
func lookIntoOLE(file section, v verdict) (verdict, error) {
	shown, err := oleType(file)
	if err != nil && !isMalformed(err) {
		return v, err
	}
	if shown != "" {
		v.shown = shown
	}
	return v, nil
}

func oleType(file section) (string, error) {
	o, err := readOLE(file)
	if err != nil {
		return "", err
	}
	sector := o.first
	for range maxOLESectors {
		if sector >= oleLastSector {
			return "", nil
		}
		for at := int64(0); at < 1<<o.shift; at += oleEntrySize {
			b, err := file.at(o.offset(sector)+at, oleEntrySize)
			if err != nil {
				return "", err
			}
			if shown := oleStreams[oleName(b)]; shown != "" {
				return shown, nil
			}
			if b[66] == 5 && string(b[80:96]) == installerClass { // the root
				return "application/x-ms-installer", nil
			}
		}
		if sector, err = o.next(sector); err != nil {
			return "", err
		}
	}
	return "", malformed("directory is too long")
}

// installerClass is the class of the root of a Windows Installer package.
const installerClass = "\x84\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"

func readOLE(file section) (ole, error) {
	b, err := file.at(0, 512)
	if err != nil {
		return ole{}, err
	}
	o := ole{file: file, shift: binary.LittleEndian.Uint16(b[30:]), first: binary.LittleEndian.Uint32(b[48:])}
	if o.shift != 9 && o.shift != 12 {
		return ole{}, malformed("sectors of an unknown size")
	}
	for i := range o.tables {
		o.tables[i] = binary.LittleEndian.Uint32(b[76+4*i:])
	}
	return o, nil
}

// offset is where a sector begins; the header takes the place of one.
func (o ole) offset(sector uint32) int64 { return (int64(sector) + 1) << o.shift }

// next is the sector that continues another.
func (o ole) next(sector uint32) (uint32, error) {
	perTable := uint32(1) << (o.shift - 2)
	if sector/perTable >= oleHeaderTables {
		return 0, malformed("directory lies too far behind")
	}
	b, err := o.file.at(o.offset(o.tables[sector/perTable])+int64(sector%perTable)*4, 4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

// oleName is the name of an entry, which ends with a zero.
func oleName(entry []byte) string {
	n := int(min(binary.LittleEndian.Uint16(entry[64:]), 64)) / 2
	units := make([]uint16, n)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(entry[2*i:])
	}
	return strings.TrimRight(string(utf16.Decode(units)), "\x00")
}
