package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/weegloo/weegloo/httpadapter"
	"github.com/weegloo/weegloo/sys"
)

func TestBadFlagsEndItWithAClearMessage(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	is.New(t).NoErr(err)
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	is.New(t).NoErr(os.WriteFile(file, nil, 0o600))
	for want, args := range map[string][]string{
		"-nonsense":                          {"-nonsense"},
		`"rest" is not a flag`:               {"rest"},
		"want SECRET=USER[@SPACE[+SPACE…]]":  {"-token", "dev"},
		"want SECRET=USER[@SPACE[+SPACE…]].": {"-token", "=user"},
		"the secret is given twice":          {"-token", "a=b", "-token", "a=c"},
		`"a b" is not the id of a space`:     {"-token", "a=b@a b"},
		`"" is not the id of a space`:        {"-token", "a=b@x+"},
		"locale en-US is given twice":        {"-locales", "en-US,en-US"},
		`falls back to "fr"`:                 {"-locales", "en-US,de-DE:fr"},
		"lead in a circle":                   {"-locales", "en-US:de-DE,de-DE:en-US"},
		"names no fallback":                  {"-locales", "en-US,de-DE:"},
		`locale code ""`:                     {"-locales", ""},
		"must be more than nothing":          {"-max-upload", "0"},
		"must be more than nothing.":         {"-upload-ttl", "-1h"},
		"-max-upload":                        {"-max-upload", "1GB"},
		"-upload-ttl":                        {"-upload-ttl", "1"},
		"-public":                            {"-public", "media.example.com"},
		"-public.":                           {"-public", "ftp://media.example.com"},
		"-data must be":                      {"-data", ""},
		"address already in use":             {"-addr", taken.Addr().String()},
		"missing port":                       {"-addr", "nowhere"},
		"not a directory":                    {"-data", file},
	} {
		t.Run(want, func(t *testing.T) {
			is := is.New(t)
			cmd, stderr := command(t, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
			output, err := cmd.Output()
			var exit *exec.ExitError
			is.True(errors.As(err, &exit))
			is.Equal(exit.ExitCode(), 1)
			is.Equal(string(output), "") // it never says that it is ready
			is.True(strings.HasPrefix(stderr.String(), "server: "))
			is.Equal(strings.Count(stderr.String(), "\n"), 1) // one line
			if !strings.Contains(stderr.String(), strings.TrimSuffix(want, ".")) {
				t.Errorf("%v is answered with %s", args, stderr)
			}
		})
	}
}

func TestHelpIsNoError(t *testing.T) {
	is := is.New(t)
	cmd, stderr := command(t, "-h")
	output, err := cmd.Output()
	is.NoErr(err)
	is.Equal(stderr.String(), "")
	for _, flag := range []string{"-addr", "-data", "-token", "-locales", "-public", "-max-upload", "-upload-ttl"} {
		is.True(strings.Contains(string(output), flag)) // flag
	}
}

func TestTokensActWhereTheyMay(t *testing.T) {
	s := start(t, "-token", "all=anna", "-token", "some=otto@shop+store", "-token", "one=eve@shop")
	for _, tt := range []struct {
		header, space string
		status        int
	}{
		{"Bearer all", "shop", 200}, {"Bearer all", "any", 200}, {"Bearer some", "shop", 200}, {"Bearer some", "store", 200}, {"Bearer some", "any", 403},
		{"Bearer some", "shop+store", 404}, {"Bearer one", "shop", 200}, {"Bearer one", "store", 403}, {"Bearer dev", "shop", 401}, {"", "shop", 401},
		{"all", "shop", 401}, {"Basic all", "shop", 401}, {"bearer all", "shop", 200}, {"Bearer  all", "shop", 200}, {"Bearer All", "shop", 401},
		{"Bearer all x", "shop", 401}, {"Bearer", "shop", 401}, {"Bearer ", "shop", 401}, {"Bearer al", "shop", 401}, {"Bearer all=anna", "shop", 401},
	} {
		r := s.do("GET", "/cma/v1/spaces/"+tt.space+"/medias", "", "Authorization: "+tt.header)
		if r.status != tt.status {
			t.Errorf("%q in %s is answered with %d, want %d", tt.header, tt.space, r.status, tt.status)
		}
	}
	u := s.do("POST", "/upload/v1/organizations/shop/uploads", "x", "Authorization: Bearer some")
	s.is.Equal(u.status, 403) // an Organization is no Space, whatever its id
	u = s.do("POST", "/upload/v1/organizations/shop/uploads", "x", "Authorization: Bearer all")
	s.is.Equal(u.at("sys", "createdBy", "sys", "id"), "anna")
}

func TestAUserMayHaveSeveralTokens(t *testing.T) {
	is := is.New(t)
	known := tokens{}
	is.NoErr(known.add("a=anna@shop"))
	is.NoErr(known.add("b=anna@store"))
	for _, tt := range []struct {
		secret, space string
		allowed       bool
	}{{"a", "shop", true}, {"a", "store", false}, {"b", "store", true}, {"b", "shop", false}} {
		r := &http.Request{Header: http.Header{"Authorization": {"Bearer " + tt.secret}}}
		who, err := known.authenticate(r)
		is.NoErr(err)
		is.Equal(who, sys.Actor{ID: "anna"})
		err = known.authorize(r, who, httpadapter.Access{Owner: sys.SpaceOwner(tt.space)})
		is.Equal(err == nil, tt.allowed)
	}
	is.True(known.authorize(&http.Request{}, sys.Actor{ID: "anna"}, httpadapter.Access{}) != nil)
}

func TestLimitsAreThoseOfTheFlags(t *testing.T) {
	s := start(t, "-max-upload", "100", "-upload-ttl", "90m", "-public", "https://media.example.com/base/")
	s.is.Equal(s.do("POST", uploads, strings.Repeat("x", 101)).at("sys", "code"), "WGL429004")
	_, m := s.publish(strings.Repeat("x", 100))
	s.is.True(strings.HasPrefix(m.at("fields", "file", "en-US", "url"), "https://media.example.com/base/medias/shop/"))
	u := s.do("POST", uploads, "x")
	var times struct {
		Sys struct{ CreatedAt, ExpiresAt time.Time }
	}
	s.is.NoErr(json.Unmarshal([]byte(u.body), &times))
	s.is.Equal(times.Sys.ExpiresAt.Sub(times.Sys.CreatedAt), 90*time.Minute)
}

func TestWithoutLocalesThereIsOne(t *testing.T) {
	s := start(t)
	s.is.Equal(s.do("GET", reading, "").header.Get("x-weegloo-locale"), "en-US")
	s.is.Equal(s.do("GET", reading+"?locale=de-DE", "").status, 400)
}

func TestOddRequestsAreAnsweredByTheContract(t *testing.T) {
	s := start(t)
	for request, status := range map[string]int{
		"GET / HTTP/1.1": 404, "GET /cma HTTP/1.1": 404, "GET /cma/ HTTP/1.1": 404, "GET /%63ma/v1/spaces/shop/medias HTTP/1.1": 404,
		"GET //cma/v1/spaces/shop/medias HTTP/1.1": 404, "GET /cmav1/spaces/shop/medias HTTP/1.1": 404, "GET /cma%2Fv1/spaces/shop/medias HTTP/1.1": 404,
		"GET /cma/../cma/v1/spaces/shop/medias HTTP/1.1": 404, "OPTIONS * HTTP/1.1": 404, "OPTIONS /cma/v1/spaces/shop/medias HTTP/1.1": 405,
		"BREW /cma/v1/spaces/shop/medias HTTP/1.1": 405, "CONNECT weegloo:80 HTTP/1.1": 404, "GET http://else/cma/v1/spaces/shop/medias HTTP/1.1": 200,
		"GET /cma/v1/spaces/sh%6Fp/medias HTTP/1.1": 200, "GET /cma/v1/spaces/shop/medias? HTTP/1.0": 200, "GET /cma/v1/spaces/shop/medias?%zz HTTP/1.1": 400,
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		s.is.NoErr(err)
		_, err = fmt.Fprintf(conn, "%s\r\nHost: weegloo\r\nAuthorization: Bearer dev\r\nConnection: close\r\n\r\n", request)
		s.is.NoErr(err)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		s.is.NoErr(err)
		if response.StatusCode != status || !strings.HasPrefix(response.Header.Get("Content-Type"), "application/vnd.com.weegloo.v1+json") {
			t.Errorf("%s is answered with %d %s", request, response.StatusCode, response.Header.Get("Content-Type"))
		}
		conn.Close()
	}
}
