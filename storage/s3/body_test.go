package s3

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// A request that has failed may still be reading. Its reader is taken away
// before the next one rewinds what lies below.
func TestLoanEnds(t *testing.T) {
	reading, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	body := &blocking{Reader: strings.NewReader("content"), reading: reading, goOn: goOn}
	lent := &loan{r: body}
	read := make(chan string, 1)
	go func() {
		p := make([]byte, 3)
		n, _ := lent.Read(p)
		read <- string(p[:n])
	}()
	<-reading
	go func() {
		lent.end()
		close(ended)
	}()
	select {
	case <-ended:
		t.Error("the loan ended in the middle of a read")
	default:
	}
	close(goOn)
	<-ended
	if got := <-read; got != "con" {
		t.Errorf("the read under way got %q", got)
	}
	if n, err := lent.Read(make([]byte, 3)); n != 0 || !errors.Is(err, errEnded) {
		t.Errorf("a read after the end: %d, %v", n, err)
	}
	if rest, _ := io.ReadAll(body.Reader); string(rest) != "tent" {
		t.Errorf("%q is left of the body", rest)
	}
	if _, ok := any(lent).(io.Seeker); ok {
		t.Error("the client could rewind a loan by itself")
	}
}

// blocking says when it is read, and waits.
type blocking struct {
	io.Reader
	reading, goOn chan struct{}
}

func (b *blocking) Read(p []byte) (int, error) {
	close(b.reading)
	<-b.goOn
	return b.Reader.Read(p)
}
