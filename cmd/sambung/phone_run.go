package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"sambung/telephony/softphone"
	"sambung/telephony/softphone/wav"
)

// phone plugs the telephone in and stays until ctx ends or the dialled call is over.
func (c *cli) phone(ctx context.Context, f phoneFlags) (err error) {
	behaviour, err := f.behaviour()
	if err != nil {
		return err
	}
	phone, err := softphone.Listen(softphone.Config{Addr: f.listen, User: f.user, Behave: func(softphone.Invite) softphone.Behaviour { return behaviour }})
	if err != nil {
		return fmt.Errorf("plugging the telephone in at %s: %w", f.listen, err)
	}
	ctx, stop := context.WithCancel(ctx)
	printed := make(chan struct{})
	go func() {
		defer close(printed)
		c.printEvents(phone.Events(context.WithoutCancel(ctx))) // ends when the phone is closed
	}()
	defer func() {
		stop()
		err = errors.Join(err, phone.Close())
		<-printed
		err = errors.Join(err, saveHeard(phone, f.record))
	}()
	if err := c.printf("listening at %s\n", phone.URI()); err != nil {
		return err
	}
	if f.registrar != "" {
		if err := c.register(ctx, phone, f); err != nil {
			return err
		}
	}
	go c.obey(ctx, phone, stop) // reads standard input: ends with it, or with the process
	if f.dial == "" {
		<-ctx.Done()
		return nil
	}
	call, err := phone.Dial(ctx, f.dial, behaviour)
	if err != nil {
		return fmt.Errorf("dialling: %w", err)
	}
	select {
	case <-call.Done():
	case <-ctx.Done():
	}
	return nil
}

func (c *cli) register(ctx context.Context, phone *softphone.Phone, f phoneFlags) error {
	account := softphone.Account{Registrar: f.registrar, User: f.user}
	if f.passwordFile != "" {
		data, err := os.ReadFile(f.passwordFile)
		if err != nil {
			return fmt.Errorf("reading the password: %w", err)
		}
		account.Password = strings.TrimRight(string(data), "\r\n")
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if err := phone.Register(ctx, account); err != nil {
		return fmt.Errorf("registering %s at %s: %w", f.user, f.registrar, err)
	}
	return nil
}

func (c *cli) printEvents(events <-chan softphone.Event) {
	for e := range events {
		text := string(e.Kind)
		if e.Digit != 0 {
			text += " " + string(e.Digit)
		}
		if e.Status != 0 {
			text += fmt.Sprintf(" %d", e.Status)
		}
		_ = c.printf("%s %s\n", e.At.Local().Format("15:04:05.000"), text) // nobody reads: the call matters more
	}
}

// obey does what the lines of standard input say, in the call that is alive.
func (c *cli) obey(ctx context.Context, phone *softphone.Phone, quit func()) {
	for lines := bufio.NewScanner(c.stdin); lines.Scan() && ctx.Err() == nil; {
		order := strings.TrimSpace(lines.Text())
		if order == "quit" {
			quit()
			return
		}
		if err := obeyOne(ctx, phone, order); err != nil {
			fmt.Fprintln(c.stderr, "sambung:", err)
		}
	}
}

func obeyOne(ctx context.Context, phone *softphone.Phone, order string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if order == "" {
		return nil
	}
	call, err := phone.WaitCall(ctx, func(r softphone.CallRecord) bool { return !r.Ended() })
	if err != nil {
		return errors.New("there is no call")
	}
	switch order {
	case "answer":
		return call.Answer(ctx)
	case "hangup":
		return call.HangUp(ctx)
	}
	return call.SendDigits(ctx, order)
}

// saveHeard writes what was heard in the last call.
func saveHeard(phone *softphone.Phone, path string) error {
	calls := phone.Calls()
	if path == "" || len(calls) == 0 {
		return nil
	}
	last := calls[len(calls)-1].CallID
	call, err := phone.WaitCall(context.Background(), func(r softphone.CallRecord) bool { return r.CallID == last })
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("writing what was heard: %w", err)
	}
	return errors.Join(wav.Write(file, wav.Mono(call.Heard().Samples)), file.Close())
}
