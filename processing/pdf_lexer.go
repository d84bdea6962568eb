package processing

import (
	"bufio"
	"io"
	"strconv"
)

// pdfValue is what is kept of a value in a dictionary: one of these.
type pdfValue struct {
	number int64
	ref    int64 // the number of an object
	name   string
	list   []int64 // numbers only
	dict   pdfDict
}

// pdfDict is a dictionary.
type pdfDict map[string]pdfValue

const (
	maxPDFWord  = 128      // bytes of a word
	maxPDFKeys  = 64       // keys of a dictionary that are kept
	maxPDFList  = 512      // numbers of a list that are kept
	maxPDFDepth = 8        // of values in each other
	maxPDFValue = 64 << 10 // bytes that are read of an object
)

// lexer reads the words of an object.
type lexer struct {
	r     *bufio.Reader
	n     int64 // bytes that were read
	start int64 // of the object in the file, for whoever goes on behind it
}

func newLexer(r io.Reader) *lexer {
	return &lexer{r: bufio.NewReaderSize(io.LimitReader(r, maxPDFValue), 256)}
}

func (l *lexer) next() (byte, error) {
	b, err := l.r.ReadByte()
	if err == nil {
		l.n++
	}
	return b, err
}

func (l *lexer) back() {
	if l.r.UnreadByte() == nil {
		l.n--
	}
}

// space skips white space and comments.
func (l *lexer) space() error {
	comment := false
	for {
		b, err := l.next()
		if err != nil {
			return err
		}
		switch {
		case b == '%':
			comment = true
		case b == '\r' || b == '\n':
			comment = false
		case !comment && !isPDFSpace(b):
			l.back()
			return nil
		}
	}
}

func isPDFSpace(b byte) bool {
	return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == '\f' || b == 0
}

func isPDFDelimiter(b byte) bool {
	switch b {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// word is the next word: a delimiter, a name with its slash, or a run of other
// bytes. Of a string only its delimiters remain.
func (l *lexer) word() (string, error) {
	if err := l.space(); err != nil {
		return "", err
	}
	b, _ := l.next()
	switch {
	case b == '(':
		return "()", l.skipString()
	case b == '<' || b == '>':
		if twice, err := l.next(); err != nil || twice == b {
			return string([]byte{b, b}), err
		}
		l.back()
		if b == '<' {
			return "<>", l.skipHex()
		}
		return ">", nil
	case b != '/' && isPDFDelimiter(b):
		return string([]byte{b}), nil
	}
	word := append(make([]byte, 0, 16), b)
	for {
		b, err := l.next()
		if err == io.EOF {
			return string(word), nil
		}
		if err != nil {
			return "", err
		}
		if isPDFSpace(b) || isPDFDelimiter(b) {
			l.back()
			return string(word), nil
		}
		if word = append(word, b); len(word) > maxPDFWord {
			return "", malformed("a word without end")
		}
	}
}

func (l *lexer) skipString() error {
	for depth := 1; depth > 0; {
		b, err := l.next()
		switch {
		case err != nil:
			return err
		case b == '\\':
			_, err = l.next()
			if err != nil {
				return err
			}
		case b == '(':
			depth++
		case b == ')':
			depth--
		}
	}
	return nil
}

func (l *lexer) skipHex() error {
	for {
		if b, err := l.next(); err != nil || b == '>' {
			return err
		}
	}
}

// number is the next word, if that is a whole number.
func (l *lexer) number() (int64, error) {
	word, err := l.word()
	if err != nil {
		return 0, err
	}
	return parseNumber(word)
}

func parseNumber(word string) (int64, error) {
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return 0, malformed("no number")
	}
	return n, nil
}

// endOfLine skips the one end of a line behind the word "stream".
func (l *lexer) endOfLine() error {
	for {
		b, err := l.next()
		switch {
		case err != nil:
			return err
		case b == '\n':
			return nil
		case b != '\r' && b != ' ':
			l.back()
			return nil
		}
	}
}
