package weegloo_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheDetailOfADocumentHasItsPages(t *testing.T) {
	h := newHost(t)
	content := "%PDF-1.7\n1 0 obj\n<< /Linearized 1 /N 7 /L 00000 >>\nendobj\n"
	content = strings.Replace(content, "00000", fmt.Sprintf("%05d", len(content)), 1)
	id, _ := h.published("a.pdf", "application/pdf", content)
	for _, target := range []string{medias + "/" + id, strings.Replace(medias, "/cma/", "/cda/", 1) + "/" + id + "?locale=*"} {
		h.is.Equal(h.do("GET", target, "").at("fields", "file", "en-US", "detail", "document", "pages"), "7")
	}
}
