// Embed is the smallest host: a CMS on net/http that had users, sessions and
// routes of its own before weegloo came, and gains pictures with pictures.go.
//
//	go run ./examples/embed
//	curl -c jar -d user=ann 127.0.0.1:8080/login
//	curl -b jar -T photo.jpg '127.0.0.1:8080/pictures?name=photo.jpg'
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"sync"
)

// cms is what was there before.
type cms struct {
	mux *http.ServeMux

	mu       sync.Mutex
	sessions map[string]string // user by session cookie
}

func newCMS() *cms {
	c := &cms{mux: http.NewServeMux(), sessions: map[string]string{}}
	c.mux.HandleFunc("POST /login", c.login)
	return c
}

// login believes everybody, which is not the point of this example.
func (c *cms) login(w http.ResponseWriter, r *http.Request) {
	session := rand.Text()
	c.mu.Lock()
	c.sessions[session] = r.FormValue("user")
	c.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: "session", Value: session, HttpOnly: true})
}

// user is who sends a request, or "".
func (c *cms) user(r *http.Request) string {
	cookie, err := r.Cookie("session")
	if err != nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sessions[cookie.Value]
}

func main() {
	c := newCMS()
	engine, err := addPictures(c)
	if err != nil {
		fmt.Fprintln(os.Stderr, "embed:", err)
		os.Exit(1)
	}
	go engine.Run(context.Background())
	fmt.Fprintln(os.Stderr, http.ListenAndServe("127.0.0.1:8080", c.mux))
}
