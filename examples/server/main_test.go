package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/matryer/is"
)

// TestMain makes this binary the server when a test starts it as one.
func TestMain(m *testing.M) {
	if os.Getenv("WEEGLOO_TEST_AS_SERVER") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// patience is how long anything may take before a test gives up.
const patience = time.Minute

// command is the server as a process that has not been started.
func command(t *testing.T, args ...string) (cmd *exec.Cmd, stderr *bytes.Buffer) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	cmd = exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), "WEEGLOO_TEST_AS_SERVER=1")
	cmd.Dir = t.TempDir()
	stderr = &bytes.Buffer{}
	cmd.Stderr = stderr
	return cmd, stderr
}

// server is a running process.
type server struct {
	t      *testing.T
	is     *is.I
	cmd    *exec.Cmd
	stderr *bytes.Buffer
	base   string
}

// start starts a server on a free port and waits until it says that it is
// ready. It is ended with the test, if not before.
func start(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{t: t, is: is.New(t)}
	s.cmd, s.stderr = command(t, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	stdout, err := s.cmd.StdoutPipe()
	s.is.NoErr(err)
	s.is.NoErr(s.cmd.Start())
	t.Cleanup(func() { s.end(os.Kill) })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("it said %q and %s", line, s.stderr)
	}
	base, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	s.is.True(ok)
	s.is.True(strings.HasPrefix(base, "http://127.0.0.1:") && !strings.HasSuffix(base, ":0"))
	s.base = base
	return s
}

// end sends a signal and returns the exit code, or -1 for a process that a
// signal has ended.
func (s *server) end(signal os.Signal) int {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Signal(signal)
		_ = s.cmd.Wait() // the state says more than its error
	}
	return s.cmd.ProcessState.ExitCode()
}

// reply is a response, read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// do sends a request with the token dev. Headers are written "Name: value".
func (s *server) do(method, target, body string, headers ...string) reply {
	s.t.Helper()
	if !strings.HasPrefix(target, "http") {
		target = s.base + target
	}
	r, err := http.NewRequest(method, target, strings.NewReader(body))
	s.is.NoErr(err)
	r.Header.Set("Authorization", "Bearer dev")
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	s.is.NoErr(err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	s.is.NoErr(err)
	return reply{response.StatusCode, response.Header, string(content)}
}

// at reads a text or a number of a JSON answer by its keys.
func (r reply) at(keys ...string) string {
	var v any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		return "not JSON: " + r.body
	}
	for _, key := range keys {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// until asks for a Media again and again until it has the status.
func (s *server) until(path, status string) reply {
	s.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if r := s.do("GET", path, ""); r.at("sys", "status") == status {
			return r
		}
	}
	s.t.Fatalf("%s never becomes %s: %s", path, status, s.do("GET", path, "").body)
	return reply{}
}

const (
	uploads = "/upload/v1/spaces/shop/uploads"
	medias  = "/cma/v1/spaces/shop/medias"
	reading = "/cda/v1/spaces/shop/medias"
)

// publish makes a Media with a title and one file, and waits until it is
// published.
func (s *server) publish(content string) (id string, published reply) {
	s.t.Helper()
	u := s.do("POST", uploads, content, "Content-Type: text/plain")
	s.is.Equal(u.status, 201)
	m := s.do("POST", medias, `{"fields":{"title":{"en-US":"Hello"},"file":{"en-US":{"fileName":"a b.txt","contentType":"text/plain","upload":{"sys":{"id":"`+
		u.at("sys", "id")+`","type":"Refer","targetType":"Upload"}}}}}}`, "Content-Type: application/json")
	s.is.Equal(m.status, 201)
	id = m.at("sys", "id")
	return id, s.until(medias+"/"+id, "Published")
}

func TestTheLifeOfAMediaOverHTTP(t *testing.T) {
	for _, data := range []string{"memory", "folder"} {
		t.Run(data, func(t *testing.T) {
			s := start(t, "-data", data, "-locales", "en-US,de-DE:en-US,ko-KR")
			id, m := s.publish("some text")
			s.is.Equal(m.at("sys", "version"), "2")
			s.is.Equal(m.at("sys", "createdBy", "sys", "id"), "dev-user")
			url := m.at("fields", "file", "en-US", "url")
			s.is.True(strings.HasPrefix(url, s.base+"/medias/shop/")) // by default it is its own public address
			s.is.Equal(s.do("GET", url, "").body, "some text")
			s.is.Equal(s.do("GET", reading+"/"+id+"?locale=de-DE", "").at("fields", "title"), "Hello") // by its fallback
			korean := s.do("GET", reading+"/"+id+"?locale=ko-KR", "")
			s.is.Equal(korean.at("fields", "title"), "") // which this one has not
			s.is.Equal(korean.header.Get("x-weegloo-locale"), "ko-KR")
			s.is.Equal(s.do("GET", reading, "").at("totalCount"), "1")
			s.is.Equal(s.do("DELETE", medias+"/"+id+"/published", "", "X-Weegloo-Version: 2").at("sys", "status"), "Draft")
			s.is.Equal(s.do("GET", url, "").status, 404)
			s.is.Equal(s.do("GET", reading+"/"+id, "").status, 404)
			s.is.Equal(s.do("DELETE", medias+"/"+id, "").status, 204)
			s.is.Equal(s.end(syscall.SIGTERM), 0)
			s.is.Equal(s.stderr.String(), "")
		})
	}
}

func TestAFormIsTaken(t *testing.T) {
	s := start(t)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "a.txt")
	s.is.NoErr(err)
	_, err = io.WriteString(part, "some text")
	s.is.NoErr(err)
	s.is.NoErr(w.Close())
	u := s.do("POST", "/upload/v1/organizations/acme/uploads/multipart", form.String(), "Content-Type: "+w.FormDataContentType())
	s.is.Equal(u.status, 201)
	s.is.Equal(u.at("sys", "size"), "9")
	s.is.Equal(u.at("sys", "owner", "sys", "targetType"), "Organization")
}

func TestEverySignalEndsItWell(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		s := start(t, "-data", "folder")
		s.publish("some text")
		s.is.Equal(s.end(signal), 0)
		s.is.Equal(s.stderr.String(), "")
	}
}

func TestAFolderKeepsEverything(t *testing.T) {
	folder := t.TempDir()
	first := start(t, "-data", folder, "-public", "https://media.example.com/")
	id, m := first.publish("kept text")
	upload := first.do("POST", uploads, "waiting").at("sys", "id")
	first.is.Equal(first.end(syscall.SIGTERM), 0)

	second := start(t, "-data", folder, "-public", "https://media.example.com")
	second.is.Equal(second.do("GET", medias+"/"+id, "").body, m.body)
	second.is.Equal(second.do("GET", uploads+"/"+upload, "").at("sys", "size"), "7")
	path, ok := strings.CutPrefix(m.at("fields", "file", "en-US", "url"), "https://media.example.com")
	second.is.True(ok)
	second.is.Equal(second.do("GET", path, "").body, "kept text")
	second.is.Equal(second.do("GET", reading+"/"+id, "").at("sys", "revision"), "1")

	third, stderr := command(t, "-addr", "127.0.0.1:0", "-data", folder)
	var exit *exec.ExitError
	second.is.True(errors.As(third.Run(), &exit)) // one folder is for one server
	second.is.Equal(exit.ExitCode(), 1)
	second.is.True(strings.HasPrefix(stderr.String(), "server: "))
}

func TestAServerThatIsKilledLosesNothingThatItAnswered(t *testing.T) {
	folder := t.TempDir()
	first := start(t, "-data", folder)
	id, m := first.publish("kept text")
	first.end(os.Kill)
	second := start(t, "-data", folder)
	second.is.Equal(second.do("GET", medias+"/"+id, "").at("sys", "version"), m.at("sys", "version"))
	second.is.Equal(second.do("GET", reading+"/"+id, "").status, 200)
}
