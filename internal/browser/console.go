package browser

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// awaiting waits for a promise.
func awaiting(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

var _ chromedp.EvaluateOption = awaiting

// console keeps what a page says and complains of.
type console struct {
	mu      sync.Mutex
	said    []string // mu
	errors  []string // mu
	excused []string // mu
}

func (c *console) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		var parts []string
		for _, a := range e.Args {
			text := a.Description
			if text == "" {
				text = string(a.Value)
			}
			parts = append(parts, text)
		}
		c.add(e.Type == runtime.APITypeError || e.Type == runtime.APITypeAssert, strings.Join(parts, " "))
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		c.add(true, text)
	case *log.EventEntryAdded:
		c.add(e.Entry.Level == log.LevelError, fmt.Sprintf("%s (%s)", e.Entry.Text, e.Entry.URL))
	}
}

func (c *console) add(bad bool, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, text)
	if bad {
		c.errors = append(c.errors, text)
	}
}

func (c *console) excuse(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.excused = append(c.excused, text)
}

// all is what the page said, the last lines of it.
func (c *console) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.said[max(0, len(c.said)-20):]...)
}

// complaints are the errors that are not excused.
func (c *console) complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []string
next:
	for _, e := range c.errors {
		for _, x := range c.excused {
			if strings.Contains(e, x) {
				continue next
			}
		}
		found = append(found, e)
	}
	return found
}
