package httpadapter

import (
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/matryer/is"
)

// readForm reads the part named file of a form.
func readForm(contentType string, form io.Reader) (string, error) {
	r := body(form)
	r.Header.Set("Content-Type", contentType)
	file, err := testConfig.FilePart(httptest.NewRecorder(), r, "file")
	if err != nil {
		return "", err
	}
	content, err := io.ReadAll(file)
	return string(content), err
}

const formType = "multipart/form-data; boundary=b"

func part(name, content string) string {
	return fmt.Sprintf("--b\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", name, content)
}

func TestThePartWithTheNameIsReadAsItComes(t *testing.T) {
	for name, form := range map[string]string{
		"alone":            part("file", "bytes") + "--b--\r\n",
		"among others":     part("a", "x") + part("file", "bytes") + part("b", "y") + "--b--\r\n",
		"the first counts": part("file", "bytes") + part("file", "more") + "--b--\r\n",
		"99 before it":     strings.Repeat(part("a", "x"), 99) + part("file", "bytes") + "--b--\r\n",
		"99 behind it":     part("file", "bytes") + strings.Repeat(part("a", "x"), 99) + "--b--\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			for _, reader := range []io.Reader{strings.NewReader(form), iotest.OneByteReader(strings.NewReader(form)), iotest.DataErrReader(strings.NewReader(form))} {
				content, err := readForm(formType, reader)
				is.NoErr(err)
				is.Equal(content, "bytes")
			}
		})
	}
}

func TestAFormThatLooksLikeItsBoundaryIsReadRight(t *testing.T) {
	is := is.New(t)
	for _, tricky := range []string{"--b", "\r\n--", "\r\n--c", "\r\n-", "\r", "\n--bb"} {
		content, err := readForm(formType, strings.NewReader(part("file", tricky+"!")+"--b--"))
		is.NoErr(err)
		is.Equal(content, tricky+"!")
	}
}

func TestABrokenFormIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		contentType, form string
		want              error
	}{
		"not a form":        {"text/plain", part("file", "x"), ErrMediaType},
		"no type":           {"", part("file", "x"), ErrMediaType},
		"broken type":       {"multipart/form-data; boundary=b; boundary=c", part("file", "x"), ErrMediaType},
		"no boundary":       {"multipart/form-data", part("file", "x"), ErrForm},
		"empty boundary":    {"multipart/form-data", "--\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n----\r\n", ErrForm},
		"no part":           {formType, part("a", "x") + "--b--", ErrForm},
		"ends early":        {formType, part("a", "x"), ErrForm},
		"100 before it":     {formType, strings.Repeat(part("a", "x"), 100) + part("file", "x") + "--b--", ErrForm},
		"100 behind it":     {formType, part("file", "x") + strings.Repeat(part("a", "x"), 100) + "--b--", ErrForm},
		"over 1 MiB before": {formType, part("a", strings.Repeat("x", maxSkipped)) + part("file", "x") + "--b--", ErrForm},
		"over 1 MiB behind": {formType, part("file", "x") + part("a", strings.Repeat("x", maxSkipped)) + "--b--", ErrForm},
		"cut in the part":   {formType, "--b\r\nContent-Disposition: form-data; name=file\r\n\r\nbyt", io.ErrUnexpectedEOF},
		"cut behind it":     {formType, part("file", "x"), io.ErrUnexpectedEOF},
		"cut in the end":    {formType, part("file", "x") + "--b", io.ErrUnexpectedEOF},
		"cut in a header":   {formType, part("file", "x") + "--b\r\nContent: x", io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readForm(tt.contentType, strings.NewReader(tt.form))
			if !errors.Is(err, tt.want) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestTheEndOfAFormIsReadOnce(t *testing.T) {
	is := is.New(t)
	r := body(strings.NewReader(part("file", "x") + "--b--"))
	r.Header.Set("Content-Type", formType)
	file, err := testConfig.FilePart(httptest.NewRecorder(), r, "file")
	is.NoErr(err)
	for range 3 {
		_, err = io.Copy(io.Discard, file) // at the end, again and again
		is.NoErr(err)
	}
}

func TestAFileOfAnySizeIsNotCountedAsSkipped(t *testing.T) {
	is := is.New(t)
	content, err := readForm(formType, strings.NewReader(part("file", strings.Repeat("x", 3*maxSkipped))+"--b--"))
	is.NoErr(err)
	is.Equal(len(content), 3*maxSkipped)
}
