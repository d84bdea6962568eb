package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/weegloo/weegloo/httpadapter"
	"github.com/weegloo/weegloo/sys"
)

type options struct {
	addr      string
	data      string
	tokens    tokens
	locales   []sys.Locale
	public    string
	maxUpload int64
	uploadTTL time.Duration
}

func parseOptions(args []string) (options, error) {
	o := options{tokens: tokens{}}
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // what is wrong is said once, by main
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8080", "address to listen on; port 0 picks one")
	flags.StringVar(&o.data, "data", "memory", "folder for everything that is kept, or memory")
	flags.Func("token", "SECRET=USER[@SPACE[+SPACE…]], may be repeated; without @ the token may act everywhere (default dev=dev-user)", o.tokens.add)
	flags.Func("locales", "CODE[:FALLBACK],…, the first is the default (default en-US)", func(s string) (err error) {
		o.locales, err = parseLocales(s)
		return err
	})
	flags.StringVar(&o.public, "public", "", "what the addresses of files begin with (default the address listened on)")
	flags.Int64Var(&o.maxUpload, "max-upload", 1_000_000_000, "limit for one file in bytes")
	flags.DurationVar(&o.uploadTTL, "upload-ttl", 24*time.Hour, "how long an Upload lives")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(os.Stdout)
		flags.PrintDefaults()
	}
	if err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q is not a flag", flags.Arg(0))
	}
	if err := o.validate(); err != nil {
		return o, err
	}
	if len(o.tokens) == 0 {
		o.tokens["dev"] = token{user: "dev-user"}
	}
	if o.locales == nil {
		o.locales = []sys.Locale{{Code: "en-US"}}
	}
	return o, nil
}

func (o options) validate() error {
	if o.data == "" {
		return errors.New("-data must be a folder, or memory")
	}
	if o.maxUpload <= 0 || o.uploadTTL <= 0 {
		return errors.New("-max-upload and -upload-ttl must be more than nothing")
	}
	if o.public == "" {
		return nil
	}
	public, err := url.Parse(o.public)
	if err != nil || public.Scheme != "http" && public.Scheme != "https" || public.Host == "" || public.RawQuery+public.Fragment != "" {
		return fmt.Errorf("-public %q is not an address like https://media.example.com", o.public)
	}
	return nil
}

func parseLocales(s string) ([]sys.Locale, error) {
	var space sys.Space
	for item := range strings.SplitSeq(s, ",") {
		code, fallback, named := strings.Cut(item, ":")
		if named && fallback == "" {
			return nil, fmt.Errorf("%q names no fallback", item)
		}
		space.Locales = append(space.Locales, sys.Locale{Code: code, Fallback: fallback})
	}
	return space.Locales, space.Validate()
}

// tokens are the users of this server by their secrets.
type tokens map[string]token

type token struct {
	user   string
	spaces []string // nil: every space and organization
}

func (t tokens) add(s string) error {
	secret, who, ok := strings.Cut(s, "=")
	user, where, limited := strings.Cut(who, "@")
	if !ok || secret == "" || !sys.ValidID(user) {
		return fmt.Errorf("want SECRET=USER[@SPACE[+SPACE…]]")
	}
	if _, ok := t[secret]; ok {
		return fmt.Errorf("the secret is given twice")
	}
	known := token{user: user}
	if limited {
		known.spaces = strings.Split(where, "+")
		for _, space := range known.spaces {
			if !sys.ValidID(space) {
				return fmt.Errorf("%q is not the id of a space", space)
			}
		}
	}
	t[secret] = known
	return nil
}

var errToken = errors.New("unknown token")

func (t tokens) authenticate(r *http.Request) (sys.Actor, error) {
	known, ok := t.find(r.Header.Get("Authorization"))
	if !ok {
		return sys.Actor{}, errToken
	}
	return sys.Actor{ID: known.user}, nil
}

// authorize asks for the token again: a user may have several, for different
// spaces.
func (t tokens) authorize(r *http.Request, _ sys.Actor, what httpadapter.Access) error {
	known, ok := t.find(r.Header.Get("Authorization"))
	if !ok {
		return errToken
	}
	if known.spaces == nil || what.Owner.Type == sys.TargetSpace && slices.Contains(known.spaces, what.Owner.ID) {
		return nil
	}
	return fmt.Errorf("the token is not for %s", what.Owner.Refer())
}

// find compares digests, whose common beginnings tell nothing about a secret.
func (t tokens) find(header string) (token, bool) {
	scheme, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return token{}, false
	}
	given := sha256.Sum256([]byte(strings.TrimSpace(secret)))
	for known, token := range t {
		if sha256.Sum256([]byte(known)) == given {
			return token, true
		}
	}
	return token{}, false
}
