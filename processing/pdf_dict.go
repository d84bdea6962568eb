package processing

import "strings"

// dictionary reads a dictionary.
func (l *lexer) dictionary() (pdfDict, error) {
	word, err := l.word()
	if err != nil {
		return nil, err
	}
	if word != "<<" {
		return nil, malformed("no dictionary")
	}
	return l.dictionaryRest(1)
}

// dictionaryRest reads up to the end of a dictionary that has begun.
func (l *lexer) dictionaryRest(depth int) (pdfDict, error) {
	d := pdfDict{}
	var last [3]pdfValue // for "12 0 R" is told from numbers by its end
	key, count := "", 0
	for {
		word, err := l.word()
		if err != nil {
			return nil, err
		}
		if word == ">>" {
			d.put(key, last, count)
			return d, nil
		}
		if word[0] == '/' && (count > 0 || key == "") {
			d.put(key, last, count)
			key, count = word[1:], 0
			continue
		}
		v, err := l.value(word, depth)
		if err != nil {
			return nil, err
		}
		if word == "R" && count == 2 {
			v = pdfValue{ref: last[0].number}
			count = 0
		}
		if count == len(last) {
			return nil, malformed("more values than keys")
		}
		last[count] = v
		count++
	}
}

// put keeps the value of a key, which is one word, or three of a reference
// that became one.
func (d pdfDict) put(key string, values [3]pdfValue, count int) {
	if count == 1 && len(d) < maxPDFKeys {
		if _, twice := d[key]; !twice {
			d[key] = values[0]
		}
	}
}

// value is the value that begins with word.
func (l *lexer) value(word string, depth int) (v pdfValue, err error) {
	if depth == maxPDFDepth {
		return v, malformed("values in values without end")
	}
	switch {
	case word == "<<":
		v.dict, err = l.dictionaryRest(depth + 1)
	case word == "[":
		v, err = l.list(depth + 1)
	case word[0] == '/':
		v.name = strings.TrimPrefix(word, "/")
	default:
		v.number, _ = parseNumber(word) // or a value of no interest
	}
	return v, err
}

// list reads up to the end of a list that has begun. A list of one name, or of
// one dictionary, is as good as that.
func (l *lexer) list(depth int) (v pdfValue, err error) {
	for n := 0; ; n++ {
		word, err := l.word()
		if err != nil {
			return v, err
		}
		if word == "]" {
			return v, nil
		}
		item, err := l.value(word, depth)
		if err != nil {
			return v, err
		}
		if n == 0 {
			v.name, v.dict = item.name, item.dict
		} else {
			v.name, v.dict = "", nil
		}
		if len(v.list) < maxPDFList {
			v.list = append(v.list, item.number)
		}
	}
}
