package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxLine bounds what is read of standard input for a password, in bytes.
const maxLine = 4 << 10

// newPassword asks for a password twice at a terminal, without showing it; else it is
// the first line of standard input.
func (c *cli) newPassword(name string) (string, error) {
	terminal, ok := c.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return firstLine(c.stdin)
	}
	ask := func(prompt string) (string, error) {
		fmt.Fprint(c.stderr, prompt)
		typed, err := term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(c.stderr)
		return string(typed), err
	}
	first, err := ask("New password of " + name + ": ")
	if err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	second, err := ask("Once more: ")
	if err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	if first != second {
		return "", usage("the two passwords differ; begin again")
	}
	return checkedLine(first)
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	return checkedLine(strings.TrimRight(line, "\r\n"))
}

func checkedLine(password string) (string, error) {
	if password == "" {
		return "", usage("there is no password; type it, or send it as the first line of standard input")
	}
	return password, nil
}
