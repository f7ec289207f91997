package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

//go:embed unbuilt.html
var unbuilt []byte

const index = "index.html"

// assets is the folder whose files carry a hash of their content in their names.
const assets = "/assets/"

// Paths lists the paths of the pages: the same document, which looks at its own address.
func Paths() []string { return []string{"/", "/masuk", "/agen", "/supervisor", "/qa", "/admin"} }

// deeper are the pages that have paths of their own below them, and how many
// segments at most: a follow-up's id, or the name of a part.
var deeper = map[string]int{"supervisor": 1, "qa": 1, "admin": 2}

// segment is what a path below a page is made of. Ids and names of parts are; a
// dot, an escape or an empty one leads nowhere.
var segment = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// belowAPage reports whether the document shows that path.
func belowAPage(at string) bool {
	first, rest, _ := strings.Cut(strings.TrimPrefix(at, "/"), "/")
	below := strings.Split(rest, "/")
	return rest != "" && len(below) <= deeper[first] && !slices.ContainsFunc(below, func(s string) bool { return !segment.MatchString(s) })
}

// Embedded is what was built, or an empty folder.
func Embedded() fs.FS {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant
	}
	return built
}

// file is one thing to serve, from memory.
type file struct {
	content []byte
	media   string
	caching string
	tag     string // ETag (RFC 9110, section 8.8.3)
	status  int
}

// New makes the handler of the pages from what was built. It reads all files once.
func New(built fs.FS) (http.Handler, error) { return read(built, "") }

// demonstrationMark tells the pages that they are a demonstration's, without a request
// that would fail everywhere else.
const demonstrationMark = `<meta name="sambung-demo" content="/v1/demo">`

// NewDemonstration is New for pages that let anybody in; see [Door].
func NewDemonstration(built fs.FS) (http.Handler, error) { return read(built, demonstrationMark) }

// read reads all files, and puts a mark into the head of the document.
func read(built fs.FS, mark string) (http.Handler, error) {
	p := pages{}
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir() || strings.HasPrefix(entry.Name(), "."):
			return nil // what a build leaves for itself
		}
		content, err := fs.ReadFile(built, name)
		if err == nil {
			p["/"+name] = newFile(name, content)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the built pages: %w", err)
	}
	document, ok := p["/"+index]
	if !ok {
		document = file{content: unbuilt, media: "text/html; charset=utf-8", caching: "no-store", status: http.StatusServiceUnavailable}
	}
	document.content = bytes.Replace(document.content, []byte("</head>"), []byte(mark+"</head>"), 1)
	delete(p, "/"+index) // it has the paths of the pages, and no other
	for _, at := range Paths() {
		p[at] = document
	}
	return p, nil
}

func newFile(name string, content []byte) file {
	sum := sha256.Sum256(content)
	f := file{content: content, media: mediaType(name), caching: "no-cache", tag: `"` + hex.EncodeToString(sum[:16]) + `"`, status: http.StatusOK}
	switch {
	case name == index:
		f.caching, f.tag = "no-store", ""
	case strings.HasPrefix("/"+name, assets):
		f.caching = "public, max-age=31536000, immutable"
	}
	return f
}

// mediaTypes are those of what a build holds: the tables of the machine differ.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".map": "application/json", ".webmanifest": "application/manifest+json",
	".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".webp": "image/webp",
	".woff2": "font/woff2", ".wav": "audio/wav", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".wasm": "application/wasm", ".txt": "text/plain; charset=utf-8",
}

func mediaType(name string) string {
	extension := strings.ToLower(path.Ext(name))
	if known, ok := mediaTypes[extension]; ok {
		return known
	}
	if known := mime.TypeByExtension(extension); known != "" {
		return known
	}
	return "application/octet-stream"
}

// pages are the files by the path that asks for them.
type pages map[string]file

// ServeHTTP answers a path that is written plainly, and exists.
func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "pages are read with GET", http.StatusMethodNotAllowed)
		return
	}
	f, ok := p[r.URL.Path]
	if !ok && belowAPage(r.URL.Path) {
		f, ok = p["/"]
	}
	if !ok || r.URL.RawPath != "" { // RawPath: letters are encoded that need not be
		header.Set("Cache-Control", "no-store")
		http.Error(w, "there is no such page", http.StatusNotFound)
		return
	}
	header.Set("Content-Type", f.media)
	header.Set("Cache-Control", f.caching)
	if f.status != http.StatusOK {
		w.WriteHeader(f.status)
		if r.Method == http.MethodGet {
			_, _ = w.Write(f.content) // whoever went away needs no page
		}
		return
	}
	if f.tag != "" {
		header.Set("ETag", f.tag)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.content))
}
