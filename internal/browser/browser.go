package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"sambung/internal/realservers"
)

// Options says how a Chromium is started.
type Options struct {
	// Microphone is the WAV file that the browser's microphone speaks, over and
	// over; without one it beeps.
	Microphone string
	// Width and Height of the window in pixels; 0 stands for 1280 and 720.
	Width, Height int
	// Screenshots is the folder that Page.Screenshot writes to; a failed test
	// leaves one of every page there. Without one nothing is written.
	Screenshots string
	// Downloads is the folder that files go to which a page hands out; without
	// one they are refused.
	Downloads string
}

// Browser is one Chromium with a profile of its own.
type Browser struct {
	t       testing.TB
	options Options
	ctx     context.Context
}

// Start starts a Chromium that ends with the test.
func Start(t testing.TB, o Options) *Browser {
	t.Helper()
	program := realservers.Executable(t, "chromium")
	if o.Width == 0 {
		o.Width, o.Height = 1280, 720
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.WindowSize(o.Width, o.Height), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, // Chromium refuses to run as root with one
		chromedp.Flag("disable-gpu", true),
		// Nothing leaves the machine, and the media of a call takes 127.0.0.1.
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("allow-loopback-in-peer-connection", true),
		// A microphone is there, and nobody is asked whether the page may hear it.
		chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
	)
	if o.Microphone != "" {
		flags = append(flags, chromedp.Flag("use-file-for-fake-audio-capture", o.Microphone))
	}
	allocated, free := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(func() {
		end, stop := context.WithTimeout(ctx, 10*time.Second)
		defer stop()
		if err := chromedp.Cancel(end); err != nil {
			t.Logf("chromium did not end by itself: %v", err)
		}
		cancel()
		free() // waits until the process is gone
	})
	if err := chromedp.Run(ctx); err != nil { // starts it
		t.Fatalf("chromium does not start: %v", err)
	}
	b := &Browser{t: t, options: o, ctx: ctx}
	b.downloads()
	return b
}

// downloads says what becomes of a file that a page hands out.
func (b *Browser) downloads() {
	b.t.Helper()
	behaviour := cdp.SetDownloadBehavior(cdp.SetDownloadBehaviorBehaviorDeny)
	if b.options.Downloads != "" {
		behaviour = cdp.SetDownloadBehavior(cdp.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(b.options.Downloads)
	}
	if err := chromedp.Run(b.ctx, behaviour); err != nil {
		b.t.Fatalf("saying where downloads go: %v", err)
	}
}

// save writes a picture into the folder for screenshots.
func (b *Browser) save(name string, png []byte) error {
	if b.options.Screenshots == "" {
		return nil
	}
	if err := os.MkdirAll(b.options.Screenshots, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(b.options.Screenshots, name+".png"), png, 0o644); err != nil {
		return fmt.Errorf("screenshot %s: %w", name, err)
	}
	return nil
}
